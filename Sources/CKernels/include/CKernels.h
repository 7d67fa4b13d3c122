/* Kernels of Landscape: dot products of embedding rows, softplus sums over quadratic margins, gradients and
 * Hessian–vector products of pairwise losses, propagation over graphs, rules of differentiation, optimiser steps, random
 * fills, all-ranking: a header for each, and all of them from here.
 *
 * Every function here runs the fastest variant that the processor has (AVX-512, AVX2, or portable vector code);
 * LANDSCAPE_ISA=portable|avx2|avx512 in the environment forces one (what the machine lacks is passed over here, and
 * refused by the command line). lk_reference_… are readable scalar versions in double precision that the tests hold the
 * fast ones against. Tables are row-major: (rows, d). */
#ifndef CKERNELS_H
#define CKERNELS_H

#include "lk_differentiation.h"
#include "lk_graphs.h"
#include "lk_margins.h"
#include "lk_optimisers.h"
#include "lk_pairwise.h"
#include "lk_ranking.h"
#include "lk_reference.h"
#include "lk_vectors.h"

/* Name of the instruction set in use: "portable", "avx2" or "avx512". */
const char *lk_isa_name(void);
/* Whether the machine has the variant of that name. */
int lk_isa_available(const char *name);
/* Chooses a variant by name; 0 when the machine has it, -1 when not (nothing changes then). */
int lk_isa_force(const char *name);

#endif
