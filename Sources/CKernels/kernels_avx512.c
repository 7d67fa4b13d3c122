#if defined(__x86_64__)
#define LK_ISA avx512
#define LK_FUSED
#define LK_TILE_USERS 8
#define LK_TILE_VECTORS 3
#define LK_GEMM_ROWS 6
#define LK_GEMM_VECTORS 4
#include "vector.h"
#include "CKernels.h"
#pragma clang attribute push(__attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma,bmi2"))), \
                             apply_to = function)
#include "kernels.inc"
#pragma clang attribute pop
#endif
