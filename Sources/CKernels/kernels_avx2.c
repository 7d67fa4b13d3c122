#if defined(__x86_64__)
#define LK_ISA avx2
#include "vector.h"
#include "CKernels.h"
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi2"))), apply_to = function)
#include "kernels.inc"
#pragma clang attribute pop
#endif
