#define LK_ISA portable
#define LK_TILE_USERS 2
#define LK_TILE_VECTORS 1
#define LK_GEMM_ROWS 2
#define LK_GEMM_VECTORS 1
#include "kernels.inc"
