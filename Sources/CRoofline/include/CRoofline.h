/* What a machine can do at most: the loops that the benchmark's rooflines are drawn from. One thread each.
 *
 * `isa` is "portable", "avx2" or "avx512", one that the processor has. */
#ifndef CROOFLINE_H
#define CROOFLINE_H

#include <stddef.h>
#include <stdint.h>

/* Rounds of independent multiply-adds in registers; returns the floating-point operations done, two for each
 * multiply-add. *sink keeps the result. */
double cr_fma(const char *isa, size_t rounds, float *sink);
/* a = b + s·c over n floats: STREAM's triad (McCalpin 1995). */
void cr_triad(const char *isa, float *a, const float *b, const float *c, float s, size_t n);
/* The sum of n floats. */
float cr_read(const char *isa, const float *a, size_t n);
/* The sum of n rows of d floats, row numbers given, each row asked for `ahead` rows before it is needed. */
float cr_gather(const char *isa, const float *table, size_t d, const uint32_t *rows, size_t n, size_t ahead);

#endif
