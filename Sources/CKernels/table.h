/* The list of dispatched kernels: one line each, from which the table and the forwarding functions are made. */
#ifndef LK_TABLE_H
#define LK_TABLE_H

#include "CKernels.h"

#define LK_GLUE(name, isa) lk_##name##_##isa
#define LK_GLUE2(name, isa) LK_GLUE(name, isa)
#define LK_NAME(name) LK_GLUE2(name, LK_ISA)

#define LK_KERNELS(X)                                                                                                  \
  X(void, scores, const lk_triplets *, const float *, const float *, size_t, size_t, size_t, float *, float *)         \
  X(void, pair_scores, const float *, const float *, size_t, const uint32_t *, const uint32_t *, size_t, float *)      \
  X(double, bpr, const float *, size_t, float *, float *)                                                              \
  X(void, accumulate_users, const lk_triplets *, const float *, size_t, const float *, const float *, size_t, size_t,  \
    float *)                                                                                                           \
  X(void, accumulate_items, const lk_triplets *, const float *, size_t, const float *, const float *, size_t, size_t,  \
    float *)                                                                                                           \
  X(double, sgd_triplets, const lk_triplet_rule *, float *, float *, size_t, const uint32_t *, const uint32_t *,         \
    const uint32_t *, const uint32_t *, size_t, double *)                                                              \
  X(double, penalise_rows, const float *, const uint32_t *, size_t, size_t, float, float *)                            \
  X(double, bpr_users, const lk_triplets *, const float *, const float *, size_t, double, size_t, size_t, float *,     \
    float *, float *)                                                                                                  \
  X(void, bpr_items, const lk_triplets *, const float *, size_t, double, size_t, size_t, const float *, float *)       \
  X(void, bpr_hvp_users, const lk_triplets *, const float *, const float *, const float *, const float *, size_t,      \
    double, size_t, size_t, const float *, const float *, float *, float *)                                            \
  X(void, bpr_hvp_items, const lk_triplets *, const float *, const float *, size_t, double, size_t, size_t,            \
    const float *, const float *, float *)                                                                             \
  X(void, tile_rows, const float *const *, size_t, size_t, size_t, size_t, float *)                                    \
  X(void, bpr_block_margins, const lk_triplets *, const float *, const float *, size_t, size_t, size_t, size_t,        \
    const float *, float *, float *const *)                                                                            \
  X(void, bpr_block_users, const lk_triplets *, const float *, size_t, double, size_t, size_t, const float *, float *, \
    float *const *)                                                                                                    \
  X(void, bpr_block_items, const lk_triplets *, const float *, size_t, size_t, double, size_t, size_t,                 \
    const uint32_t *, const float *, const float *, float *const *)                                                    \
  X(void, quadratic_coefficients, const float *const *, const float *const *, size_t, size_t, const uint32_t *,        \
    const uint32_t *, const uint32_t *, size_t, size_t, float *, size_t)                                               \
  X(void, softplus_grid, const float *, size_t, size_t, size_t, const float *, size_t, const float *, size_t,          \
    const float *, size_t, double *)                                                                                   \
  X(double, dot, const float *, const float *, size_t)                                                                 \
  X(void, axpy, float, const float *, float *, size_t)                                                                 \
  X(void, scale_add, const float *, float, const float *, float *, size_t)                                             \
  X(void, scale, float, float *, size_t)                                                                               \
  X(void, row_norms_squared, const float *, size_t, size_t, double *)                                                  \
  X(void, match_row_norms, float *, const float *, size_t, size_t)                                                     \
  X(void, ascend_rows, const float *, const float *, size_t, size_t, double, float *)                                  \
  X(void, spmm, const lk_csr *, const float *, const uint32_t *, size_t, float, const float *, const uint32_t *, float, \
    const uint32_t *, size_t, size_t, float *)                                                                         \
  X(void, shift_rows, const float *, const float *, size_t, size_t, float, float *)                                    \
  X(double, contrast_softmax, float *, size_t, size_t)                                                                 \
  X(void, contrast_tangent, const float *, float *, size_t, size_t)                                                    \
  X(void, mixed_scores, const lk_mixing *, size_t, size_t, const float *, float *)                                     \
  X(void, gemm, size_t, size_t, size_t, const float *, size_t, size_t, const float *, size_t, int, float *, size_t)    \
  X(void, products, const float *, const float *, const float *, const float *, size_t, int, float *)                  \
  X(void, scale_by_sign, const float *, float, size_t, float *)                                                        \
  X(void, normalise_rows, const float *, size_t, size_t, float *, float *)                                             \
  X(void, project_rows, const float *, const float *, const float *, size_t, size_t, int, float *)                     \
  X(void, project_rows_tangent, const float *, const float *, const float *, const float *, const float *,             \
    const float *, size_t, size_t, int, float *)                                                                       \
  X(void, fill_mask, uint64_t, uint64_t, size_t, uint32_t, float *)                                                    \
  X(void, fill_normal, uint64_t, uint64_t, size_t, float *)                                                            \
  X(void, fill_uniform, uint64_t, uint64_t, size_t, float *)                                                           \
  X(void, step_sgd, float *, const float *, const uint32_t *, size_t, size_t, float)                                   \
  X(void, step_momentum, float *, float *, const float *, const uint32_t *, size_t, size_t, float, float)              \
  X(void, step_adagrad, float *, float *, const float *, const uint32_t *, size_t, size_t, float, float)               \
  X(void, step_adam, float *, float *, float *, const float *, const uint32_t *, size_t, size_t,                       \
    const lk_adam_settings *)                                                                                          \
  X(void, catch_up_adam, float *, float *, float *, const uint32_t *, size_t, size_t, size_t, uint32_t *, uint32_t,    \
    const lk_adam_history *)                                                                                           \
  X(void, catch_up_momentum, float *, float *, const uint32_t *, size_t, size_t, size_t, uint32_t *, uint32_t, float,  \
    double)                                                                                                            \
  X(void, gather_rows, const float *, const uint32_t *, size_t, size_t, float *)                                       \
  X(void, pack_items, const float *, size_t, size_t, size_t, size_t, float *)                                          \
  X(void, rank, const lk_ranking *, const uint32_t *, size_t, float *, uint32_t *, size_t *)

#define LK_FIELD(result, name, ...) result (*name)(__VA_ARGS__);
typedef struct {
  LK_KERNELS(LK_FIELD)
} lk_table;

extern const lk_table lk_table_portable;
#if defined(__x86_64__)
extern const lk_table lk_table_avx2;
extern const lk_table lk_table_avx512;
#endif
const lk_table *lk_current(void);

#endif
