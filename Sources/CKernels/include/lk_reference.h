/* Readable references in double precision: what the fast kernels must agree with. See CKernels.h. */
#ifndef LK_REFERENCE_H
#define LK_REFERENCE_H

#include <stddef.h>
#include <stdint.h>

#include "lk_graphs.h"
#include "lk_pairwise.h"
#include "lk_ranking.h"

/* ---- Readable references in double precision ---- */

double lk_reference_softplus(double z);
void lk_reference_softplus_grid(const float *coefficients, size_t stride, size_t n, size_t k, const float *axis1,
                                size_t n1, const float *axis2, size_t n2, const float *axis3, size_t n3, double *sums);
void lk_reference_quadratic_coefficients(const float *const *users, const float *const *items, size_t k, size_t d,
                                         const uint32_t *u, const uint32_t *i, const uint32_t *j, size_t first,
                                         size_t last, double *out, size_t stride);
/* What lk_spmm computes. */
void lk_reference_spmm(const lk_csr *a, const float *x, const uint32_t *x_place, size_t d, double alpha, const float *base,
                       const uint32_t *base_place, double beta, const uint32_t *rows, size_t first, size_t last,
                       double *out);
/* The three below as above, with results in double precision. */
void lk_reference_shift_rows(const float *x, const float *noise, size_t rows, size_t d, double epsilon, double *out);
double lk_reference_contrast(const float *logits, const float *tangent, size_t n, size_t own, double *gradient,
                             double *gradient_tangent);
void lk_reference_mixed_scores(const lk_mixing *m, size_t first, size_t last, const float *mix, double *scores);
/* Plain (m, k) by (k, n). */
void lk_reference_gemm(size_t m, size_t n, size_t k, const float *a, const float *b, double *c);
/* The derivative of the unit row x/||x|| along g, and the derivative of that along x' and g' (all of d). */
void lk_reference_project_row(const double *x, const double *g, size_t d, double *out);
void lk_reference_project_row_tangent(const double *x, const double *xdot, const double *g, const double *gdot, size_t d,
                                      double *out);
/* Mean BPR loss over all triplets and its gradient (tables of doubles, overwritten). */
double lk_reference_bpr(const lk_triplets *t, const float *users, const float *items, size_t d, double *gu, double *gi);
/* Hessian-vector product of the mean BPR loss. */
void lk_reference_bpr_hvp(const lk_triplets *t, const float *users, const float *items, const float *vu,
                          const float *vi, size_t d, double *hu, double *hi);
/* One step of lk_sgd_triplets on the rows e_u, e_i, e_j (3, d), in place; `then` is the score to stay near to (NaN: none);
 * work has room for 9·d. Returns the value. */
double lk_reference_sgd_triplet(const lk_triplet_rule *rule, double *row, size_t d, double then, double *work);
/* The same lists as lk_rank, from the item table (items, d), in rows of k. */
void lk_reference_rank(const lk_ranking *ranking, const float *items, const uint32_t *users, size_t n,
                       double *best_score, uint32_t *best_item, size_t *filled);

#endif
