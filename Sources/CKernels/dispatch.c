/* Chooses the instruction set once, and forwards every public kernel to it. */

#include <stdatomic.h>
#include <stdlib.h>

#include "table.h"
#include "vector.h"

static _Atomic(const lk_table *) current;

static const lk_table *table_named(const char *name) {
  if (!strcmp(name, "portable")) return &lk_table_portable;
#if defined(__x86_64__)
  __builtin_cpu_init();
  /* Each check includes that the operating system saves the registers (XCR0). */
  int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2");
  if (!strcmp(name, "avx2")) return avx2 ? &lk_table_avx2 : NULL;
  int avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  if (!strcmp(name, "avx512")) return avx512 ? &lk_table_avx512 : NULL;
#endif
  return NULL;
}

static const lk_table *choose_table(void) {
  const char *wanted = getenv("LANDSCAPE_ISA");
  const lk_table *table = wanted ? table_named(wanted) : NULL;
  if (!table) table = table_named("avx512");
  if (!table) table = table_named("avx2");
  return table ? table : &lk_table_portable;
}

const lk_table *lk_current(void) {
  const lk_table *table = atomic_load_explicit(&current, memory_order_acquire);
  if (table) return table;
  table = choose_table();
  atomic_store_explicit(&current, table, memory_order_release);
  return table;
}

int lk_isa_available(const char *name) { return table_named(name) != NULL; }

int lk_isa_force(const char *name) {
  const lk_table *table = table_named(name);
  if (!table) return -1;
  atomic_store_explicit(&current, table, memory_order_release);
  return 0;
}

const char *lk_isa_name(void) {
#if defined(__x86_64__)
  if (lk_current() == &lk_table_avx512) return "avx512";
  if (lk_current() == &lk_table_avx2) return "avx2";
#endif
  return "portable";
}

void lk_scores(const lk_triplets *t, const float *users, const float *items, size_t d, size_t first, size_t last,
               float *pos, float *neg) {
  lk_current()->scores(t, users, items, d, first, last, pos + first, neg + first);
}
void lk_pair_scores(const float *users, const float *items, size_t d, const uint32_t *u, const uint32_t *i, size_t n,
                    float *out) {
  lk_current()->pair_scores(users, items, d, u, i, n, out);
}
double lk_bpr(const float *margin, size_t n, float *slope, float *curvature) {
  return lk_current()->bpr(margin, n, slope, curvature);
}
void lk_accumulate_users(const lk_triplets *t, const float *items, size_t d, const float *p, const float *n, size_t first,
                         size_t last, float *gradient) {
  lk_current()->accumulate_users(t, items, d, p, n, first, last, gradient);
}
void lk_accumulate_items(const lk_triplets *t, const float *users, size_t d, const float *p, const float *n, size_t first,
                         size_t last, float *gradient) {
  lk_current()->accumulate_items(t, users, d, p, n, first, last, gradient);
}
double lk_sgd_triplets(const lk_triplet_rule *rule, float *users, float *items, size_t d, const uint32_t *u,
                       const uint32_t *i, const uint32_t *j, const uint32_t *pair, size_t n, double *squares) {
  return lk_current()->sgd_triplets(rule, users, items, d, u, i, j, pair, n, squares);
}

double lk_penalise_rows(const float *x, const uint32_t *offsets, size_t n, size_t d, float weight, float *gradient) {
  return lk_current()->penalise_rows(x, offsets, n, d, weight, gradient);
}

double lk_bpr_users(const lk_triplets *t, const float *users, const float *items, size_t d, double scale, size_t first,
                    size_t last, float *slope, float *curvature, float *gradient) {
  return lk_current()->bpr_users(t, users, items, d, scale, first, last, slope, curvature, gradient);
}
void lk_bpr_items(const lk_triplets *t, const float *users, size_t d, double scale, size_t first, size_t last,
                  const float *slope, float *gradient) {
  lk_current()->bpr_items(t, users, d, scale, first, last, slope, gradient);
}
void lk_bpr_hvp_users(const lk_triplets *t, const float *users, const float *items, const float *vu, const float *vi,
                      size_t d, double scale, size_t first, size_t last, const float *slope, const float *curvature,
                      float *xdot, float *product) {
  lk_current()->bpr_hvp_users(t, users, items, vu, vi, d, scale, first, last, slope, curvature, xdot, product);
}
void lk_bpr_hvp_items(const lk_triplets *t, const float *users, const float *vu, size_t d, double scale, size_t first,
                      size_t last, const float *slope, const float *xdot, float *product) {
  lk_current()->bpr_hvp_items(t, users, vu, d, scale, first, last, slope, xdot, product);
}
void lk_tile_rows(const float *const *tables, size_t d, size_t rows, size_t first, size_t last, float *tiles) {
  lk_current()->tile_rows(tables, d, rows, first, last, tiles);
}
void lk_bpr_block_margins(const lk_triplets *t, const float *users, const float *items, size_t d, size_t column,
                          size_t first, size_t last, const float *slope, float *xdot, float *const *products) {
  lk_current()->bpr_block_margins(t, users, items, d, column, first, last, slope, xdot, products);
}
void lk_bpr_block_users(const lk_triplets *t, const float *items, size_t d, double scale, size_t first, size_t last,
                        const float *curvature, float *xdot, float *const *products) {
  lk_current()->bpr_block_users(t, items, d, scale, first, last, curvature, xdot, products);
}
void lk_bpr_block_items(const lk_triplets *t, const float *users, size_t d, size_t column, double scale, size_t first,
                        size_t last, const uint32_t *entry_users, const float *entry_slopes, const float *xdot,
                        float *const *products) {
  lk_current()->bpr_block_items(t, users, d, column, scale, first, last, entry_users, entry_slopes, xdot, products);
}
void lk_quadratic_coefficients(const float *const *users, const float *const *items, size_t k, size_t d,
                               const uint32_t *u, const uint32_t *i, const uint32_t *j, size_t first, size_t last,
                               float *out, size_t stride) {
  lk_current()->quadratic_coefficients(users, items, k, d, u, i, j, first, last, out, stride);
}
void lk_softplus_grid(const float *coefficients, size_t stride, size_t n, size_t k, const float *axis1, size_t n1,
                      const float *axis2, size_t n2, const float *axis3, size_t n3, double *sums) {
  lk_current()->softplus_grid(coefficients, stride, n, k, axis1, n1, axis2, n2, axis3, n3, sums);
}
double lk_dot(const float *a, const float *b, size_t n) { return lk_current()->dot(a, b, n); }
void lk_axpy(float alpha, const float *x, float *y, size_t n) { lk_current()->axpy(alpha, x, y, n); }
void lk_scale_add(const float *x, float alpha, const float *d, float *y, size_t n) {
  lk_current()->scale_add(x, alpha, d, y, n);
}
void lk_scale(float alpha, float *x, size_t n) { lk_current()->scale(alpha, x, n); }
void lk_row_norms_squared(const float *x, size_t rows, size_t d, double *out) {
  lk_current()->row_norms_squared(x, rows, d, out);
}
void lk_match_row_norms(float *x, const float *y, size_t rows, size_t d) {
  lk_current()->match_row_norms(x, y, rows, d);
}
void lk_ascend_rows(const float *point, const float *gradient, size_t rows, size_t d, double rho, float *out) {
  lk_current()->ascend_rows(point, gradient, rows, d, rho, out);
}
void lk_spmm(const lk_csr *a, const float *x, const uint32_t *x_place, size_t d, float alpha, const float *base,
             const uint32_t *base_place, float beta, const uint32_t *rows, size_t first, size_t last, float *out) {
  lk_current()->spmm(a, x, x_place, d, alpha, base, base_place, beta, rows, first, last, out);
}

void lk_shift_rows(const float *x, const float *noise, size_t rows, size_t d, float epsilon, float *out) {
  lk_current()->shift_rows(x, noise, rows, d, epsilon, out);
}
double lk_contrast_softmax(float *logits, size_t n, size_t own) {
  return lk_current()->contrast_softmax(logits, n, own);
}
void lk_contrast_tangent(const float *softmax, float *tangent, size_t n, size_t own) {
  lk_current()->contrast_tangent(softmax, tangent, n, own);
}
void lk_mixed_scores(const lk_mixing *m, size_t first, size_t last, const float *mix, float *scores) {
  lk_current()->mixed_scores(m, first, last, mix, scores);
}

void lk_fill_uniform(uint64_t key, uint64_t first, size_t n, float *out) {
  lk_current()->fill_uniform(key, first, n, out);
}
void lk_gemm(size_t m, size_t n, size_t k, const float *a, size_t ai, size_t ak, const float *b, size_t bs, int adding,
             float *c, size_t cs) {
  lk_current()->gemm(m, n, k, a, ai, ak, b, bs, adding, c, cs);
}
void lk_products(const float *a, const float *b, const float *c, const float *d, size_t n, int adding, float *out) {
  lk_current()->products(a, b, c, d, n, adding, out);
}
void lk_scale_by_sign(const float *sign, float slope, size_t n, float *x) {
  lk_current()->scale_by_sign(sign, slope, n, x);
}
void lk_normalise_rows(const float *x, size_t rows, size_t d, float *unit, float *inverse) {
  lk_current()->normalise_rows(x, rows, d, unit, inverse);
}
void lk_project_rows(const float *unit, const float *inverse, const float *g, size_t rows, size_t d, int adding,
                     float *out) {
  lk_current()->project_rows(unit, inverse, g, rows, d, adding, out);
}
void lk_project_rows_tangent(const float *unit, const float *inverse, const float *xdot, const float *unitdot,
                             const float *g, const float *gdot, size_t rows, size_t d, int adding, float *out) {
  lk_current()->project_rows_tangent(unit, inverse, xdot, unitdot, g, gdot, rows, d, adding, out);
}

void lk_fill_mask(uint64_t key, uint64_t first, size_t n, uint32_t kept, float *out) {
  lk_current()->fill_mask(key, first, n, kept, out);
}
void lk_fill_normal(uint64_t key, uint64_t first, size_t n, float *out) {
  lk_current()->fill_normal(key, first, n, out);
}
void lk_step_sgd(float *table, const float *gradient, const uint32_t *rows, size_t n, size_t d, float rate) {
  lk_current()->step_sgd(table, gradient, rows, n, d, rate);
}
void lk_step_momentum(float *table, float *momentum, const float *gradient, const uint32_t *rows, size_t n, size_t d,
                      float rate, float mu) {
  lk_current()->step_momentum(table, momentum, gradient, rows, n, d, rate, mu);
}
void lk_step_adagrad(float *table, float *squares, const float *gradient, const uint32_t *rows, size_t n, size_t d,
                     float rate, float epsilon) {
  lk_current()->step_adagrad(table, squares, gradient, rows, n, d, rate, epsilon);
}
void lk_step_adam(float *table, float *first, float *second, const float *gradient, const uint32_t *rows, size_t n,
                  size_t d, const lk_adam_settings *settings) {
  lk_current()->step_adam(table, first, second, gradient, rows, n, d, settings);
}
void lk_catch_up_adam(float *table, float *first, float *second, const uint32_t *rows, size_t from, size_t n, size_t d,
                      uint32_t *updated, uint32_t now, const lk_adam_history *history) {
  lk_current()->catch_up_adam(table, first, second, rows, from, n, d, updated, now, history);
}

void lk_catch_up_momentum(float *table, float *momentum, const uint32_t *rows, size_t from, size_t n, size_t d,
                          uint32_t *updated, uint32_t now, float rate, double mu) {
  lk_current()->catch_up_momentum(table, momentum, rows, from, n, d, updated, now, rate, mu);
}

void lk_gather_rows(const float *table, const uint32_t *rows, size_t n, size_t d, float *out) {
  lk_current()->gather_rows(table, rows, n, d, out);
}
void lk_pack_items(const float *items, size_t count, size_t d, size_t first, size_t last, float *panels) {
  lk_current()->pack_items(items, count, d, first, last, panels);
}
void lk_rank(const lk_ranking *ranking, const uint32_t *users, size_t n, float *best_score, uint32_t *best_item,
             size_t *filled) {
  lk_current()->rank(ranking, users, n, best_score, best_item, filled);
}
