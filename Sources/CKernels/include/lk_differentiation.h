/* Dense products and element-wise rules of differentiation. See CKernels.h. */
#ifndef LK_DIFFERENTIATION_H
#define LK_DIFFERENTIATION_H

#include <stddef.h>
#include <stdint.h>

/* ---- Dense products, and element-wise rules of differentiation. `adding`: the result is added to what is there ---- */

/* C = A·B with A (m, k), B (k, n), for m or k far larger than the rest. Element (i, x) of A is a[i·ai + x·ak], so that A
 * may be a transposed matrix, or one number again and again (strides 0); rows of B and C are bs and cs apart. Sums run in
 * the order of x. C overlaps neither A nor B. */
void lk_gemm(size_t m, size_t n, size_t k, const float *a, size_t ai, size_t ak, const float *b, size_t bs, int adding,
             float *c, size_t cs);
/* out = a⊙b + c⊙d; c == NULL: a⊙b. out may be one of them. */
void lk_products(const float *a, const float *b, const float *c, const float *d, size_t n, int adding, float *out);
/* x times slope where `sign` is not positive: leaky ReLU and its derivative. x may be `sign`. */
void lk_scale_by_sign(const float *sign, float slope, size_t n, float *x);
/* unit_r = x_r/||x_r||, inverse_r = 1/||x_r||; both 0 for a zero row. Rows of any size, denormal too. */
void lk_normalise_rows(const float *x, size_t rows, size_t d, float *unit, float *inverse);
/* The derivative of lk_normalise_rows, which is its own transpose: inverse_r·(g_r - unit_r·(unit_r·g_r)). */
void lk_project_rows(const float *unit, const float *inverse, const float *g, size_t rows, size_t d, int adding,
                     float *out);
/* The derivative of lk_project_rows along x' and g', where unit' is that of unit. */
void lk_project_rows_tangent(const float *unit, const float *inverse, const float *xdot, const float *unitdot,
                             const float *g, const float *gdot, size_t rows, size_t d, int adding, float *out);

#endif
