#if defined(__x86_64__)
#define LK_ISA avx2
#define LK_FUSED
#define LK_TILE_USERS 6
#define LK_TILE_VECTORS 1
#define LK_GEMM_ROWS 6
#define LK_GEMM_VECTORS 1
#include "vector.h"
#include "CKernels.h"
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2"))), apply_to = function)
#include "kernels.inc"
#pragma clang attribute pop
#endif
