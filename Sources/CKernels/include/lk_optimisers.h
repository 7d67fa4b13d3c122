/* Optimiser steps. See CKernels.h. */
#ifndef LK_OPTIMISERS_H
#define LK_OPTIMISERS_H

#include <stddef.h>
#include <stdint.h>

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
/* The steps that rows have missed, for rules that move every row at every step: with a gradient of zero, step s after
 * step n is m = beta1^s·m, v = beta2^s·v, and theta moves by -rate·m·correction1(n + s)/(√(v·correction2(n + s)) + ε).
 * A row is brought up to date when it is next needed: one pass for all missed steps. Steps past the horizon no longer
 * move theta in single precision. */
#define LK_MOST_MISSED 1024
#define LK_AGES 4096
typedef struct {
  float rate, epsilon, decay;               /* decay: decoupled weight decay (AdamW), 0 otherwise */
  double beta1, root2, kept;                /* beta1, √beta2, 1 - rate·decay */
  size_t horizon, settled;                  /* horizon <= LK_MOST_MISSED; corrections are 1 from step `settled` on */
  const float *powers1, *powers2, *shrink;  /* (LK_AGES) [s]: beta1^s, root2^s, kept^s */
  const float *correction1, *correction2;   /* (settled + horizon + 1) [n]: 1/(1 - beta1^n), 1/√(1 - beta2^n) */
} lk_adam_history;
/* Brings rows[from ..< from + n] (rows == NULL: those rows of the table) from step updated[row] to step `now`.
 * updated[row] = 0: never touched, all moments zero. */
void lk_catch_up_adam(float *table, float *first, float *second, const uint32_t *rows, size_t from, size_t n, size_t d,
                      uint32_t *updated, uint32_t now, const lk_adam_history *history);
/* The same for m = mu·m, theta -= rate·m. */
void lk_catch_up_momentum(float *table, float *momentum, const uint32_t *rows, size_t from, size_t n, size_t d,
                          uint32_t *updated, uint32_t now, float rate, double mu);
/* out row k = table row rows[k]. */
void lk_gather_rows(const float *table, const uint32_t *rows, size_t n, size_t d, float *out);

#endif
