/* Quadratic margins of triplets, and loss surfaces from them. See CKernels.h. */
#ifndef LK_MARGINS_H
#define LK_MARGINS_H

#include <stddef.h>
#include <stdint.h>

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

#endif
