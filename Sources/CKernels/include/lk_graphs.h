/* What models on a graph need: sparse × dense, contrastive losses, noise and mixed negatives. See CKernels.h. */
#ifndef LK_GRAPHS_H
#define LK_GRAPHS_H

#include <stddef.h>
#include <stdint.h>

/* ---- Sparse × dense ---- */

/* A sparse matrix in compressed rows: row r has the entries offsets[r] ..< offsets[r + 1]. */
typedef struct {
  size_t rows, columns_count;
  const uint32_t *offsets; /* (rows + 1) */
  const uint32_t *columns; /* (entries) */
  const float *values;     /* (entries) */
} lk_csr;

/* In a list of places: this row of a table is not kept and is zero. */
#define LK_NOWHERE UINT32_MAX

/* out_k = alpha·(A·x)_r + beta·base_r for k = first ..< last, with r = rows[k] (rows == NULL: r = k).
 *
 * x_place (columns of A) and base_place (rows of A): where a row of x or base lies in its table, LK_NOWHERE for a zero
 * row; NULL where all rows lie in order. base may be NULL. Sums run in the order of the entries. */
void lk_spmm(const lk_csr *a, const float *x, const uint32_t *x_place, size_t d, float alpha, const float *base,
             const uint32_t *base_place, float beta, const uint32_t *rows, size_t first, size_t last, float *out);

/* ---- Contrastive losses, noise and mixed negatives ---- */

/* out_r = x_r + sign(x_r)⊙epsilon·n_r/||n_r|| for rows of d, sign(0) = 0; out may be x. */
void lk_shift_rows(const float *x, const float *noise, size_t rows, size_t d, float epsilon, float *out);
/* Returns -log softmax(logits)[own]; logits (n) become softmax(logits), less 1 at `own`: the gradient of that. */
double lk_contrast_softmax(float *logits, size_t n, size_t own);
/* The derivative of that gradient: tangent of the logits (n) -> tangent of the softmax. `softmax` is less 1 at `own`. */
void lk_contrast_tangent(const float *softmax, float *tangent, size_t n, size_t own);

typedef struct {
  size_t d, hops, candidates;
  const float *const *layers; /* (hops) item tables (items, d) */
  const float *users;         /* pooled user rows */
  const uint32_t *user;       /* (triplets) row in users */
  const uint32_t *positive;   /* (triplets) */
  const uint32_t *candidate;  /* (triplets, candidates) */
  int by_component;
} lk_mixing;
/* scores (last - first, candidates, hops) = e_u·(m⊙p + (1 - m)⊙n) of triplets first ..< last, p and n the rows of the
 * positive and of the candidate at the hop. mix, from triplet `first` on: (…, hops), or by component
 * (…, candidates, hops, d). */
void lk_mixed_scores(const lk_mixing *m, size_t first, size_t last, const float *mix, float *scores);

#endif
