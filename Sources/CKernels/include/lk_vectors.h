/* Long vectors and rows, and random fills. See CKernels.h. */
#ifndef LK_VECTORS_H
#define LK_VECTORS_H

#include <stddef.h>
#include <stdint.h>

/* ---- Vectors ---- */

double lk_dot(const float *a, const float *b, size_t n);
void lk_axpy(float alpha, const float *x, float *y, size_t n);             /* y += alpha·x */
void lk_scale_add(const float *x, float alpha, const float *d, float *y, size_t n); /* y = x + alpha·d */
void lk_scale(float alpha, float *x, size_t n);
/* out[r] = ||row r||² for rows of d. */
void lk_row_norms_squared(const float *x, size_t rows, size_t d, double *out);
/* Scales every row of x to the norm of the same row of y; 0 where either is 0. */
void lk_match_row_norms(float *x, const float *y, size_t rows, size_t d);

/* out_r = point_r + rho·g_r/||g_r|| for rows of d, point_r where g_r is 0; gradients of any size, denormal too. */
void lk_ascend_rows(const float *point, const float *gradient, size_t rows, size_t d, double rho, float *out);

/* ---- Random numbers (counter-based, see RandomStream.swift) ---- */

uint64_t lk_random_word(uint64_t key, uint64_t index);
/* out[m - first] = normal deviate m of the stream, for m in first ..< first + n (Box–Muller on words m/2). */
void lk_fill_normal(uint64_t key, uint64_t first, size_t n, float *out);
/* out[m - first] = uniform deviate m of the stream in [0, 1), a multiple of 2^-24: m even, the high half of word m/2, m odd,
 * the low half. */
void lk_fill_uniform(uint64_t key, uint64_t first, size_t n, float *out);
/* out[m - first] = 65536/kept with probability kept/65536, else 0, for m in first ..< first + n: quarter m mod 4 of word
 * m/4 decides. */
void lk_fill_mask(uint64_t key, uint64_t first, size_t n, uint32_t kept, float *out);
/* One uniform negative per pair: item not in the user's row of the CSR matrix, by rejection. Word index is
 * 65·slot + attempt, slot = slots[t] (or first_slot + t when NULL); after 64 rejections word 65·slot + 64 picks from the
 * complement. Users whose row is full get UINT32_MAX. */
void lk_sample_negatives(uint64_t key, const uint64_t *row_offsets, const uint32_t *columns, size_t items,
                         const uint32_t *users, size_t n, const uint64_t *slots, uint64_t first_slot, uint32_t *out);

/* Fisher–Yates from the last place down, with words `position`, `position` + 1, … of the stream. */
void lk_shuffle(uint64_t key, uint64_t position, uint32_t *values, size_t n);
/* User, positive and (where negative_of_pair is not NULL) negative of each listed pair of a CSR matrix. */
void lk_take_triplets(const uint32_t *pairs, size_t n, const uint32_t *user_of_pair, const uint32_t *columns,
                      const uint32_t *negative_of_pair, uint32_t *user, uint32_t *positive, uint32_t *negative);

#endif
