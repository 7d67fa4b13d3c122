/* Sixteen floats as one value, in clang's vector extension.
 *
 * The same source compiles to AVX-512 (one register), AVX2 (two) and the portable path (SSE2 or NEON, four): lanes and
 * the order of every sum are the same, whatever the machine. Included by the kernel bodies; see isa.h. */
#ifndef LK_VECTOR_H
#define LK_VECTOR_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef float v16 __attribute__((ext_vector_type(16)));
typedef v16 v16u __attribute__((aligned(4)));
typedef float v8 __attribute__((ext_vector_type(8)));
typedef v8 v8u __attribute__((aligned(4)));
typedef int32_t i16 __attribute__((ext_vector_type(16)));

#define LK_INLINE static inline __attribute__((always_inline))
#define LK_LANES 16

#endif
