#define LK_ISA portable
#define LK_TILE_USERS 2
#define LK_TILE_VECTORS 1
#include "kernels.inc"
