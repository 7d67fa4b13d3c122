/* Kernels of Landscape: dot products of embedding rows, softplus sums over quadratic margins, gradients and
 * Hessian–vector products of pairwise losses, optimiser steps, random fills, top-K scans.
 *
 * Every function here runs the fastest variant that the processor has (AVX-512, AVX2, or portable vector code);
 * LANDSCAPE_ISA=portable|avx2|avx512 in the environment forces one (what the machine lacks is passed over here, and
 * refused by the command line). lk_reference_… are readable scalar versions in double precision that the tests hold the
 * fast ones against. Tables are row-major: (rows, d). */
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/* Name of the instruction set in use: "portable", "avx2" or "avx512". */
const char *lk_isa_name(void);
/* Whether the machine has the variant of that name. */
int lk_isa_available(const char *name);
/* Chooses a variant by name; 0 when the machine has it, -1 when not (nothing changes then). */
int lk_isa_force(const char *name);

/* ---- Triplets (u, i, j), sorted by user, with the item side indexed ---- */

typedef struct {
  size_t users, items, count;     /* rows of the two tables; number of triplets */
  const uint32_t *user;           /* (count) ascending */
  const uint32_t *positive;       /* (count) */
  const uint32_t *negative;       /* (count) */
  const uint32_t *user_offsets;   /* (users + 1) triplets of user u: user_offsets[u] ..< user_offsets[u + 1] */
  const uint32_t *item_offsets;   /* (items + 1) entries of item i */
  const uint32_t *item_entries;   /* (2·count) triplet << 1 | (1 where the item is the negative), ascending per item */
} lk_triplets;

/* Builds item_offsets (items + 1) and item_entries (2·count) by a counting sort. */
void lk_index_items(const uint32_t *positive, const uint32_t *negative, size_t count, size_t items,
                    uint32_t *item_offsets, uint32_t *item_entries);

/* Scores of triplets first ..< last: pos_t = e_u·e_i, neg_t = e_u·e_j. */
void lk_scores(const lk_triplets *t, const float *users, const float *items, size_t d, size_t first, size_t last,
               float *pos, float *neg);
/* out_t = e_u·e_i for arbitrary pairs. */
void lk_pair_scores(const float *users, const float *items, size_t d, const uint32_t *u, const uint32_t *i, size_t n,
                    float *out);

/* From margins x: returns sum of softplus(-x); slope_t = -sigma(-x); curvature_t = sigma(x)·sigma(-x) (NULL: skipped). */
double lk_bpr(const float *margin, size_t n, float *slope, float *curvature);

/* g_u += sum over the user's triplets of p_t·e_i + n_t·e_j, for users first ..< last. */
void lk_accumulate_users(const lk_triplets *t, const float *items, size_t d, const float *p, const float *n, size_t first,
                         size_t last, float *gradient);
/* g_i += sum over the item's entries of (p_t or n_t)·e_u, for items first ..< last. */
void lk_accumulate_items(const lk_triplets *t, const float *users, size_t d, const float *p, const float *n, size_t first,
                         size_t last, float *gradient);

/* Full-batch BPR for users first ..< last. Returns sum of softplus(-x) over their triplets. Writes slope and, where not
 * NULL, curvature; gradient rows (overwritten, where not NULL) are the sum of slope·(e_i - e_j), times scale. */
double lk_bpr_users(const lk_triplets *t, const float *users, const float *items, size_t d, double scale, size_t first,
                    size_t last, float *slope, float *curvature, float *gradient);
/* Item rows first ..< last (overwritten): scale · sum of ±slope·e_u. */
void lk_bpr_items(const lk_triplets *t, const float *users, size_t d, double scale, size_t first, size_t last,
                  const float *slope, float *gradient);
/* Hessian-vector product, direction (vu, vi): user rows. xdot_t = curvature·(v_u·q + e_u·(v_i - v_j)) is written for
 * lk_bpr_hvp_items; rows get scale · sum of xdot·q + slope·(v_i - v_j), q = e_i - e_j. */
void lk_bpr_hvp_users(const lk_triplets *t, const float *users, const float *items, const float *vu, const float *vi,
                      size_t d, double scale, size_t first, size_t last, const float *slope, const float *curvature,
                      float *xdot, float *product);
/* Item rows: scale · sum of ±(xdot·e_u + slope·v_u). */
void lk_bpr_hvp_items(const lk_triplets *t, const float *users, const float *vu, size_t d, double scale, size_t first,
                      size_t last, const float *slope, const float *xdot, float *product);

/* The same for a block of directions, to the bit. Tiles of LK_TILE columns, each (users + items, LK_BLOCK_VECTORS + 1,
 * LK_TILE): per node its row and then its directions, zeros past column d. First lk_tile_rows; then for each tile
 * lk_bpr_block_margins over all users; then lk_bpr_block_users; then for each tile lk_bpr_block_items. */
#define LK_BLOCK_VECTORS 8
#define LK_TILE 32
/* For item entries first ..< last: the user of each, and ±slope of its triplet. */
void lk_bpr_entries(const lk_triplets *t, const float *slope, size_t first, size_t last, uint32_t *entry_users,
                    float *entry_slopes);
/* Rows first ..< last of all tiles; tables[0] holds the rows, tables[1...] the directions, each (rows, d). */
void lk_tile_rows(const float *const *tables, size_t d, size_t rows, size_t first, size_t last, float *tiles);
/* Adds the share of the tile that begins at `column` to xdot (count, LK_BLOCK_VECTORS), still without curvature (the
 * first tile overwrites); writes the tile's columns of sum of slope·(v_i - v_j) to products[…] (users, d). users, items:
 * the first user and item in the tile. */
void lk_bpr_block_margins(const lk_triplets *t, const float *users, const float *items, size_t d, size_t column,
                          size_t first, size_t last, const float *slope, float *xdot, float *const *products);
/* Multiplies xdot by curvature, and completes the user rows: scale · (row + sum of xdot·q). items (items, d). */
void lk_bpr_block_users(const lk_triplets *t, const float *items, size_t d, double scale, size_t first, size_t last,
                        const float *curvature, float *xdot, float *const *products);
/* Item rows, the tile's columns: scale · sum of ±(xdot·e_u + slope·v_u), to products[…] (items, d). */
void lk_bpr_block_items(const lk_triplets *t, const float *users, size_t d, size_t column, double scale, size_t first,
                        size_t last, const uint32_t *entry_users, const float *entry_slopes, const float *xdot,
                        float *const *products);

/* ---- Quadratic margins and loss surfaces ---- */

#define LK_MAX_DIRECTIONS 3

/* Coefficients of each triplet's margin as a polynomial of t1..tk: 1, t1..tk, then t_a·t_b for a <= b.
 * users[0], items[0] are the tables at the origin, users[a], items[a] those of direction a (1 <= a <= k <= 3).
 * Coefficient c of triplet t goes to out[c·stride + t - first]. */
void lk_quadratic_coefficients(const float *const *users, const float *const *items, size_t k, size_t d,
                               const uint32_t *u, const uint32_t *i, const uint32_t *j, size_t first, size_t last,
                               float *out, size_t stride);

/* sums[(a·n2 + b)·n3 + c] += sum over n triplets of softplus(-x(axis1[a], axis2[b], axis3[c])), n <= LK_BLOCK.
 * coefficients[c·stride + t] as above; axes past k are NULL with length 1. */
#define LK_BLOCK 2048
void lk_softplus_grid(const float *coefficients, size_t stride, size_t n, size_t k, const float *axis1, size_t n1,
                      const float *axis2, size_t n2, const float *axis3, size_t n3, double *sums);

/* ---- Vectors ---- */

double lk_dot(const float *a, const float *b, size_t n);
void lk_axpy(float alpha, const float *x, float *y, size_t n);             /* y += alpha·x */
void lk_scale_add(const float *x, float alpha, const float *d, float *y, size_t n); /* y = x + alpha·d */
void lk_scale(float alpha, float *x, size_t n);
/* out[r] = ||row r||² for rows of d. */
void lk_row_norms_squared(const float *x, size_t rows, size_t d, double *out);
/* Scales every row of x to the norm of the same row of y; 0 where either is 0. */
void lk_match_row_norms(float *x, const float *y, size_t rows, size_t d);

/* ---- Random numbers (counter-based, see RandomStream.swift) ---- */

uint64_t lk_random_word(uint64_t key, uint64_t index);
/* out[m - first] = normal deviate m of the stream, for m in first ..< first + n (Box–Muller on words m/2). */
void lk_fill_normal(uint64_t key, uint64_t first, size_t n, float *out);
/* One uniform negative per pair: item not in the user's row of the CSR matrix, by rejection. Word index is
 * 65·slot + attempt, slot = slots[t] (or first_slot + t when NULL); after 64 rejections word 65·slot + 64 picks from the
 * complement. Users whose row is full get UINT32_MAX. */
void lk_sample_negatives(uint64_t key, const uint64_t *row_offsets, const uint32_t *columns, size_t items,
                         const uint32_t *users, size_t n, const uint64_t *slots, uint64_t first_slot, uint32_t *out);

/* ---- Optimiser steps over listed rows (rows == NULL: all of them in order); gradient is compact: row k of it belongs
 * to table row rows[k]. Formulas: METHODS of the Optimiser documentation ---- */

typedef struct {
  float rate, beta1, beta2, epsilon, decay; /* decay: decoupled weight decay (AdamW), 0 otherwise */
  float correction1, correction2;           /* 1/(1 - beta1^t), 1/(1 - beta2^t) */
} lk_adam_settings;
void lk_step_sgd(float *table, const float *gradient, const uint32_t *rows, size_t n, size_t d, float rate);
void lk_step_momentum(float *table, float *momentum, const float *gradient, const uint32_t *rows, size_t n, size_t d,
                      float rate, float mu);
void lk_step_adagrad(float *table, float *squares, const float *gradient, const uint32_t *rows, size_t n, size_t d,
                     float rate, float epsilon);
void lk_step_adam(float *table, float *first, float *second, const float *gradient, const uint32_t *rows, size_t n,
                  size_t d, const lk_adam_settings *settings);
/* out row k = table row rows[k]. */
void lk_gather_rows(const float *table, const uint32_t *rows, size_t n, size_t d, float *out);

/* ---- Ranking ---- */

/* Keeps the `k` best of scores[0 ..< n], larger first, ties to the lower index, in best_score/best_item (size k).
 * `base` is the item id of scores[0]; call in ascending order of base; `filled` is how many are held so far. */
size_t lk_top_k(const float *scores, size_t n, uint32_t base, size_t k, float *best_score, uint32_t *best_item,
                size_t filled);

/* ---- Readable references in double precision ---- */

double lk_reference_softplus(double z);
void lk_reference_softplus_grid(const float *coefficients, size_t stride, size_t n, size_t k, const float *axis1,
                                size_t n1, const float *axis2, size_t n2, const float *axis3, size_t n3, double *sums);
void lk_reference_quadratic_coefficients(const float *const *users, const float *const *items, size_t k, size_t d,
                                         const uint32_t *u, const uint32_t *i, const uint32_t *j, size_t first,
                                         size_t last, double *out, size_t stride);
/* Mean BPR loss over all triplets and its gradient (tables of doubles, overwritten). */
double lk_reference_bpr(const lk_triplets *t, const float *users, const float *items, size_t d, double *gu, double *gi);
/* Hessian-vector product of the mean BPR loss. */
void lk_reference_bpr_hvp(const lk_triplets *t, const float *users, const float *items, const float *vu,
                          const float *vi, size_t d, double *hu, double *hi);

#endif
