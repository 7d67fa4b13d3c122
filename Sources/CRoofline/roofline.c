#include "CRoofline.h"

#include <string.h>

typedef float v16 __attribute__((ext_vector_type(16)));

typedef struct {
  double (*fma)(size_t rounds, float *sink);
  void (*triad)(float *a, const float *b, const float *c, float s, size_t n);
  float (*read)(const float *a, size_t n);
  float (*gather)(const float *table, size_t d, const uint32_t *rows, size_t n, size_t ahead);
} cr_loops;

#define CR_ISA portable
#define CR_CHAINS 3
#include "roofline.inc"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define CR_ISA avx2
#define CR_CHAINS 6
#include "roofline.inc"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx2,fma"))), apply_to = function)
#define CR_ISA avx512
#define CR_CHAINS 12
#include "roofline.inc"
#pragma clang attribute pop
#endif

static const cr_loops *loops_of(const char *isa) {
#if defined(__x86_64__)
  if (!strcmp(isa, "avx512")) return &loops_avx512;
  if (!strcmp(isa, "avx2")) return &loops_avx2;
#endif
  return &loops_portable;
}

double cr_fma(const char *isa, size_t rounds, float *sink) { return loops_of(isa)->fma(rounds, sink); }
void cr_triad(const char *isa, float *a, const float *b, const float *c, float s, size_t n) {
  loops_of(isa)->triad(a, b, c, s, n);
}
float cr_read(const char *isa, const float *a, size_t n) { return loops_of(isa)->read(a, n); }
float cr_gather(const char *isa, const float *table, size_t d, const uint32_t *rows, size_t n, size_t ahead) {
  return loops_of(isa)->gather(table, d, rows, n, ahead);
}
