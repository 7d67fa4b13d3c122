#define LK_ISA portable
#include "kernels.inc"
