/* Kernels of Landscape: dot products of embedding rows, softplus sums over quadratic margins, gradients and
 * Hessian–vector products of pairwise losses, optimiser steps, random fills, all-ranking.
 *
 * Every function here runs the fastest variant that the processor has (AVX-512, AVX2, or portable vector code);
 * LANDSCAPE_ISA=portable|avx2|avx512 in the environment forces one (what the machine lacks is passed over here, and
 * refused by the command line). lk_reference_… are readable scalar versions in double precision that the tests hold the
 * fast ones against. Tables are row-major: (rows, d). */
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/* Name of the instruction set in use: "portable", "avx2" or "avx512". */
const char *lk_isa_name(void);
/* Whether the machine has the variant of that name. */
int lk_isa_available(const char *name);
/* Chooses a variant by name; 0 when the machine has it, -1 when not (nothing changes then). */
int lk_isa_force(const char *name);

/* ---- Triplets (u, i, j), sorted by user, with the item side indexed ---- */

typedef struct {
  size_t users, items, count;     /* rows of the two tables; number of triplets */
  const uint32_t *user;           /* (count) ascending */
  const uint32_t *positive;       /* (count) */
  const uint32_t *negative;       /* (count) */
  const uint32_t *user_offsets;   /* (users + 1) triplets of user u: user_offsets[u] ..< user_offsets[u + 1] */
  const uint32_t *item_offsets;   /* (items + 1) entries of item i */
  const uint32_t *item_entries;   /* (2·count) triplet << 1 | (1 where the item is the negative), ascending per item */
} lk_triplets;

/* Builds item_offsets (items + 1) and item_entries (2·count) by a counting sort. */
void lk_index_items(const uint32_t *positive, const uint32_t *negative, size_t count, size_t items,
                    uint32_t *item_offsets, uint32_t *item_entries);

/* Scores of triplets first ..< last: pos_t = e_u·e_i, neg_t = e_u·e_j. */
void lk_scores(const lk_triplets *t, const float *users, const float *items, size_t d, size_t first, size_t last,
               float *pos, float *neg);
/* out_t = e_u·e_i for arbitrary pairs. */
void lk_pair_scores(const float *users, const float *items, size_t d, const uint32_t *u, const uint32_t *i, size_t n,
                    float *out);

/* From margins x: returns sum of softplus(-x); slope_t = -sigma(-x); curvature_t = sigma(x)·sigma(-x) (NULL: skipped). */
double lk_bpr(const float *margin, size_t n, float *slope, float *curvature);

/* g_u = sum over the user's triplets of p_t·e_i + n_t·e_j, for users first ..< last. */
void lk_accumulate_users(const lk_triplets *t, const float *items, size_t d, const float *p, const float *n, size_t first,
                         size_t last, float *gradient);
/* g_i = sum over the item's entries of (p_t or n_t)·e_u, for items first ..< last. */
void lk_accumulate_items(const lk_triplets *t, const float *users, size_t d, const float *p, const float *n, size_t first,
                         size_t last, float *gradient);

/* Row r stands offsets[r + 1] - offsets[r] times in the batch: g_r += weight·times·x_r; returns sum of times·||x_r||². */
double lk_penalise_rows(const float *x, const uint32_t *offsets, size_t n, size_t d, float weight, float *gradient);

/* Full-batch BPR for users first ..< last. Returns sum of softplus(-x) over their triplets. Writes slope and, where not
 * NULL, curvature; gradient rows (overwritten, where not NULL) are the sum of slope·(e_i - e_j), times scale. */
double lk_bpr_users(const lk_triplets *t, const float *users, const float *items, size_t d, double scale, size_t first,
                    size_t last, float *slope, float *curvature, float *gradient);
/* Item rows first ..< last (overwritten): scale · sum of ±slope·e_u. */
void lk_bpr_items(const lk_triplets *t, const float *users, size_t d, double scale, size_t first, size_t last,
                  const float *slope, float *gradient);
/* Hessian-vector product, direction (vu, vi): user rows. xdot_t = curvature·(v_u·q + e_u·(v_i - v_j)) is written for
 * lk_bpr_hvp_items; rows get scale · sum of xdot·q + slope·(v_i - v_j), q = e_i - e_j. */
void lk_bpr_hvp_users(const lk_triplets *t, const float *users, const float *items, const float *vu, const float *vi,
                      size_t d, double scale, size_t first, size_t last, const float *slope, const float *curvature,
                      float *xdot, float *product);
/* Item rows: scale · sum of ±(xdot·e_u + slope·v_u). */
void lk_bpr_hvp_items(const lk_triplets *t, const float *users, const float *vu, size_t d, double scale, size_t first,
                      size_t last, const float *slope, const float *xdot, float *product);

/* ---- One update per triplet ---- */

/* The loss of one triplet, x = e_u·(e_i - e_j), and the step on it:
 * clean·L(x) + adversarial·L(x at the point of steepest ascent, rho away) + trajectory·(e_u·e_i - then[pair])²,
 * L(x) = softplus(-x); rows move by -rate·(gradient + l2·row). NaN in `then`: no term. */
typedef struct {
  float rate, l2;
  float clean, adversarial; /* weights of the two losses */
  float rho;
  int per_row;              /* rho for each of the three rows, or for all three together */
  float trajectory;
  const float *then;        /* [pair], or NULL */
  float *now;               /* [pair] e_u·e_i before the step is written here; or NULL */
} lk_triplet_rule;
/* Steps on n triplets of which every 16 in a row share no row (lk_level_triplets). Returns the sum of the values; adds
 * the sum of ||e_u||² + ||e_i||² + ||e_j||² to squares. A rule has an adversarial loss or a trajectory, not both. */
double lk_sgd_triplets(const lk_triplet_rule *rule, float *users, float *items, size_t d, const uint32_t *u,
                       const uint32_t *i, const uint32_t *j, const uint32_t *pair, size_t n, double *squares);
/* The order in which triplets may run in parallel: a triplet's level is one more than the highest level of the earlier
 * ones that share a row with it, 0 when none does. Triplets of one level share no row; running the levels one after the
 * other is running the list in its order. Writes the places of the triplets by ascending level (`places`, stable) and
 * offsets[level] of `levels` + 1 (room for n + 1); returns `levels`. user_level and item_level are all 0 between calls. */
size_t lk_level_triplets(const uint32_t *u, const uint32_t *i, const uint32_t *j, size_t n, uint32_t *user_level,
                         uint32_t *item_level, uint32_t *level, uint32_t *places, uint32_t *offsets);

/* One turn of a loop that waits for another thread; *turns counts them, and the processor is given up now and then. */
void lk_pause(long *turns);

/* The same for a block of directions, to the bit. Tiles of LK_TILE columns, each (users + items, LK_BLOCK_VECTORS + 1,
 * LK_TILE): per node its row and then its directions, zeros past column d. First lk_tile_rows; then for each tile
 * lk_bpr_block_margins over all users; then lk_bpr_block_users; then for each tile lk_bpr_block_items. */
#define LK_BLOCK_VECTORS 8
#define LK_TILE 32
/* For item entries first ..< last: the user of each, and ±slope of its triplet. */
void lk_bpr_entries(const lk_triplets *t, const float *slope, size_t first, size_t last, uint32_t *entry_users,
                    float *entry_slopes);
/* Rows first ..< last of all tiles; tables[0] holds the rows, tables[1...] the directions, each (rows, d). */
void lk_tile_rows(const float *const *tables, size_t d, size_t rows, size_t first, size_t last, float *tiles);
/* Adds the share of the tile that begins at `column` to xdot (count, LK_BLOCK_VECTORS), still without curvature (the
 * first tile overwrites); writes the tile's columns of sum of slope·(v_i - v_j) to products[…] (users, d). users, items:
 * the first user and item in the tile. */
void lk_bpr_block_margins(const lk_triplets *t, const float *users, const float *items, size_t d, size_t column,
                          size_t first, size_t last, const float *slope, float *xdot, float *const *products);
/* Multiplies xdot by curvature, and completes the user rows: scale · (row + sum of xdot·q). items (items, d). */
void lk_bpr_block_users(const lk_triplets *t, const float *items, size_t d, double scale, size_t first, size_t last,
                        const float *curvature, float *xdot, float *const *products);
/* Item rows, the tile's columns: scale · sum of ±(xdot·e_u + slope·v_u), to products[…] (items, d). */
void lk_bpr_block_items(const lk_triplets *t, const float *users, size_t d, size_t column, double scale, size_t first,
                        size_t last, const uint32_t *entry_users, const float *entry_slopes, const float *xdot,
                        float *const *products);

/* ---- Quadratic margins and loss surfaces ---- */

#define LK_MAX_DIRECTIONS 3

/* Coefficients of each triplet's margin as a polynomial of t1..tk: 1, t1..tk, then t_a·t_b for a <= b.
 * users[0], items[0] are the tables at the origin, users[a], items[a] those of direction a (1 <= a <= k <= 3).
 * Coefficient c of triplet t goes to out[c·stride + t - first]. */
void lk_quadratic_coefficients(const float *const *users, const float *const *items, size_t k, size_t d,
                               const uint32_t *u, const uint32_t *i, const uint32_t *j, size_t first, size_t last,
                               float *out, size_t stride);

/* sums[(a·n2 + b)·n3 + c] += sum over n triplets of softplus(-x(axis1[a], axis2[b], axis3[c])), n <= LK_BLOCK.
 * coefficients[c·stride + t] as above; axes past k are NULL with length 1. */
#define LK_BLOCK 2048
void lk_softplus_grid(const float *coefficients, size_t stride, size_t n, size_t k, const float *axis1, size_t n1,
                      const float *axis2, size_t n2, const float *axis3, size_t n3, double *sums);

/* ---- Vectors ---- */

double lk_dot(const float *a, const float *b, size_t n);
void lk_axpy(float alpha, const float *x, float *y, size_t n);             /* y += alpha·x */
void lk_scale_add(const float *x, float alpha, const float *d, float *y, size_t n); /* y = x + alpha·d */
void lk_scale(float alpha, float *x, size_t n);
/* out[r] = ||row r||² for rows of d. */
void lk_row_norms_squared(const float *x, size_t rows, size_t d, double *out);
/* Scales every row of x to the norm of the same row of y; 0 where either is 0. */
void lk_match_row_norms(float *x, const float *y, size_t rows, size_t d);

/* out_r = point_r + rho·g_r/||g_r|| for rows of d, point_r where g_r is 0; gradients of any size, denormal too. */
void lk_ascend_rows(const float *point, const float *gradient, size_t rows, size_t d, double rho, float *out);

/* ---- Sparse × dense ---- */

/* A sparse matrix in compressed rows: row r has the entries offsets[r] ..< offsets[r + 1]. */
typedef struct {
  size_t rows, columns_count;
  const uint32_t *offsets; /* (rows + 1) */
  const uint32_t *columns; /* (entries) */
  const float *values;     /* (entries) */
} lk_csr;

/* In a list of places: this row of a table is not kept and is zero. */
#define LK_NOWHERE UINT32_MAX

/* out_k = alpha·(A·x)_r + beta·base_r for k = first ..< last, with r = rows[k] (rows == NULL: r = k).
 *
 * x_place (columns of A) and base_place (rows of A): where a row of x or base lies in its table, LK_NOWHERE for a zero
 * row; NULL where all rows lie in order. base may be NULL. Sums run in the order of the entries. */
void lk_spmm(const lk_csr *a, const float *x, const uint32_t *x_place, size_t d, float alpha, const float *base,
             const uint32_t *base_place, float beta, const uint32_t *rows, size_t first, size_t last, float *out);

/* ---- Contrastive losses, noise and mixed negatives ---- */

/* out_r = x_r + sign(x_r)⊙epsilon·n_r/||n_r|| for rows of d, sign(0) = 0; out may be x. */
void lk_shift_rows(const float *x, const float *noise, size_t rows, size_t d, float epsilon, float *out);
/* Returns -log softmax(logits)[own]; logits (n) become softmax(logits), less 1 at `own`: the gradient of that. */
double lk_contrast_softmax(float *logits, size_t n, size_t own);
/* The derivative of that gradient: tangent of the logits (n) -> tangent of the softmax. `softmax` is less 1 at `own`. */
void lk_contrast_tangent(const float *softmax, float *tangent, size_t n, size_t own);

typedef struct {
  size_t d, hops, candidates;
  const float *const *layers; /* (hops) item tables (items, d) */
  const float *users;         /* pooled user rows */
  const uint32_t *user;       /* (triplets) row in users */
  const uint32_t *positive;   /* (triplets) */
  const uint32_t *candidate;  /* (triplets, candidates) */
  int by_component;
} lk_mixing;
/* scores (last - first, candidates, hops) = e_u·(m⊙p + (1 - m)⊙n) of triplets first ..< last, p and n the rows of the
 * positive and of the candidate at the hop. mix, from triplet `first` on: (…, hops), or by component
 * (…, candidates, hops, d). */
void lk_mixed_scores(const lk_mixing *m, size_t first, size_t last, const float *mix, float *scores);

/* ---- Dense products, and element-wise rules of differentiation. `adding`: the result is added to what is there ---- */

/* C = A·B with A (m, k), B (k, n), for m or k far larger than the rest. Element (i, x) of A is a[i·ai + x·ak], so that A
 * may be a transposed matrix, or one number again and again (strides 0); rows of B and C are bs and cs apart. Sums run in
 * the order of x. C overlaps neither A nor B. */
void lk_gemm(size_t m, size_t n, size_t k, const float *a, size_t ai, size_t ak, const float *b, size_t bs, int adding,
             float *c, size_t cs);
/* out = a⊙b + c⊙d; c == NULL: a⊙b. out may be one of them. */
void lk_products(const float *a, const float *b, const float *c, const float *d, size_t n, int adding, float *out);
/* x times slope where `sign` is not positive: leaky ReLU and its derivative. x may be `sign`. */
void lk_scale_by_sign(const float *sign, float slope, size_t n, float *x);
/* unit_r = x_r/||x_r||, inverse_r = 1/||x_r||; both 0 for a zero row. Rows of any size, denormal too. */
void lk_normalise_rows(const float *x, size_t rows, size_t d, float *unit, float *inverse);
/* The derivative of lk_normalise_rows, which is its own transpose: inverse_r·(g_r - unit_r·(unit_r·g_r)). */
void lk_project_rows(const float *unit, const float *inverse, const float *g, size_t rows, size_t d, int adding,
                     float *out);
/* The derivative of lk_project_rows along x' and g', where unit' is that of unit. */
void lk_project_rows_tangent(const float *unit, const float *inverse, const float *xdot, const float *unitdot,
                             const float *g, const float *gdot, size_t rows, size_t d, int adding, float *out);

/* ---- Random numbers (counter-based, see RandomStream.swift) ---- */

uint64_t lk_random_word(uint64_t key, uint64_t index);
/* out[m - first] = normal deviate m of the stream, for m in first ..< first + n (Box–Muller on words m/2). */
void lk_fill_normal(uint64_t key, uint64_t first, size_t n, float *out);
/* out[m - first] = uniform deviate m of the stream in [0, 1), a multiple of 2^-24: m even, the high half of word m/2, m odd,
 * the low half. */
void lk_fill_uniform(uint64_t key, uint64_t first, size_t n, float *out);
/* out[m - first] = 65536/kept with probability kept/65536, else 0, for m in first ..< first + n: quarter m mod 4 of word
 * m/4 decides. */
void lk_fill_mask(uint64_t key, uint64_t first, size_t n, uint32_t kept, float *out);
/* One uniform negative per pair: item not in the user's row of the CSR matrix, by rejection. Word index is
 * 65·slot + attempt, slot = slots[t] (or first_slot + t when NULL); after 64 rejections word 65·slot + 64 picks from the
 * complement. Users whose row is full get UINT32_MAX. */
void lk_sample_negatives(uint64_t key, const uint64_t *row_offsets, const uint32_t *columns, size_t items,
                         const uint32_t *users, size_t n, const uint64_t *slots, uint64_t first_slot, uint32_t *out);

/* Fisher–Yates from the last place down, with words `position`, `position` + 1, … of the stream. */
void lk_shuffle(uint64_t key, uint64_t position, uint32_t *values, size_t n);
/* User, positive and (where negative_of_pair is not NULL) negative of each listed pair of a CSR matrix. */
void lk_take_triplets(const uint32_t *pairs, size_t n, const uint32_t *user_of_pair, const uint32_t *columns,
                      const uint32_t *negative_of_pair, uint32_t *user, uint32_t *positive, uint32_t *negative);

/* ---- Optimiser steps over listed rows (rows == NULL: all of them in order); gradient is compact: row k of it belongs
 * to table row rows[k]. Formulas: METHODS of the Optimiser documentation ---- */

typedef struct {
  float rate, beta1, beta2, epsilon, decay; /* decay: decoupled weight decay (AdamW), 0 otherwise */
  float correction1, correction2;           /* 1/(1 - beta1^t), 1/(1 - beta2^t) */
} lk_adam_settings;
void lk_step_sgd(float *table, const float *gradient, const uint32_t *rows, size_t n, size_t d, float rate);
void lk_step_momentum(float *table, float *momentum, const float *gradient, const uint32_t *rows, size_t n, size_t d,
                      float rate, float mu);
void lk_step_adagrad(float *table, float *squares, const float *gradient, const uint32_t *rows, size_t n, size_t d,
                     float rate, float epsilon);
void lk_step_adam(float *table, float *first, float *second, const float *gradient, const uint32_t *rows, size_t n,
                  size_t d, const lk_adam_settings *settings);
/* The steps that rows have missed, for rules that move every row at every step: with a gradient of zero, step s after
 * step n is m = beta1^s·m, v = beta2^s·v, and theta moves by -rate·m·correction1(n + s)/(√(v·correction2(n + s)) + ε).
 * A row is brought up to date when it is next needed: one pass for all missed steps. Steps past the horizon no longer
 * move theta in single precision. */
#define LK_MOST_MISSED 1024
#define LK_AGES 4096
typedef struct {
  float rate, epsilon, decay;               /* decay: decoupled weight decay (AdamW), 0 otherwise */
  double beta1, root2, kept;                /* beta1, √beta2, 1 - rate·decay */
  size_t horizon, settled;                  /* horizon <= LK_MOST_MISSED; corrections are 1 from step `settled` on */
  const float *powers1, *powers2, *shrink;  /* (LK_AGES) [s]: beta1^s, root2^s, kept^s */
  const float *correction1, *correction2;   /* (settled + horizon + 1) [n]: 1/(1 - beta1^n), 1/√(1 - beta2^n) */
} lk_adam_history;
/* Brings rows[from ..< from + n] (rows == NULL: those rows of the table) from step updated[row] to step `now`.
 * updated[row] = 0: never touched, all moments zero. */
void lk_catch_up_adam(float *table, float *first, float *second, const uint32_t *rows, size_t from, size_t n, size_t d,
                      uint32_t *updated, uint32_t now, const lk_adam_history *history);
/* The same for m = mu·m, theta -= rate·m. */
void lk_catch_up_momentum(float *table, float *momentum, const uint32_t *rows, size_t from, size_t n, size_t d,
                          uint32_t *updated, uint32_t now, float rate, double mu);
/* out row k = table row rows[k]. */
void lk_gather_rows(const float *table, const uint32_t *rows, size_t n, size_t d, float *out);

/* ---- Ranking ---- */

#define LK_PANEL 48 /* items of a panel */

/* Copies the items of panels first ..< last, so that the same column of a panel's items is side by side: panel p is
 * (d, LK_PANEL) at panels + p·LK_PANEL·d, with zeros where items run out. */
void lk_pack_items(const float *items, size_t count, size_t d, size_t first, size_t last, float *panels);

typedef struct {
  size_t items, d, k;            /* k >= 1 */
  const float *user_table;       /* (…, d) */
  const float *panels;           /* all items, from lk_pack_items */
  const uint64_t *known_offsets; /* items that are no candidates of user u: known_offsets[u] ..< known_offsets[u + 1] */
  const uint32_t *known;         /* ascending per user */
} lk_ranking;

/* Slots of one user's list of the best k: +inf in the first, the list in the next k, spare ones up to a whole vector. */
static inline size_t lk_list_slots(size_t k) { return 1 + (k + 15) / 16 * 16; }

/* The k items with the largest e_u·e_i of each of n users, best first, ties to the lower item: filled[m] of them, from slot
 * 1 of row m of best_score and best_item (n, lk_list_slots(k)) on. Where the score is NaN or -inf, an item is no
 * candidate. */
void lk_rank(const lk_ranking *ranking, const uint32_t *users, size_t n, float *best_score, uint32_t *best_item,
             size_t *filled);

/* ---- Readable references in double precision ---- */

double lk_reference_softplus(double z);
void lk_reference_softplus_grid(const float *coefficients, size_t stride, size_t n, size_t k, const float *axis1,
                                size_t n1, const float *axis2, size_t n2, const float *axis3, size_t n3, double *sums);
void lk_reference_quadratic_coefficients(const float *const *users, const float *const *items, size_t k, size_t d,
                                         const uint32_t *u, const uint32_t *i, const uint32_t *j, size_t first,
                                         size_t last, double *out, size_t stride);
/* What lk_spmm computes. */
void lk_reference_spmm(const lk_csr *a, const float *x, const uint32_t *x_place, size_t d, double alpha, const float *base,
                       const uint32_t *base_place, double beta, const uint32_t *rows, size_t first, size_t last,
                       double *out);
/* The three below as above, with results in double precision. */
void lk_reference_shift_rows(const float *x, const float *noise, size_t rows, size_t d, double epsilon, double *out);
double lk_reference_contrast(const float *logits, const float *tangent, size_t n, size_t own, double *gradient,
                             double *gradient_tangent);
void lk_reference_mixed_scores(const lk_mixing *m, size_t first, size_t last, const float *mix, double *scores);
/* Plain (m, k) by (k, n). */
void lk_reference_gemm(size_t m, size_t n, size_t k, const float *a, const float *b, double *c);
/* The derivative of the unit row x/||x|| along g, and the derivative of that along x' and g' (all of d). */
void lk_reference_project_row(const double *x, const double *g, size_t d, double *out);
void lk_reference_project_row_tangent(const double *x, const double *xdot, const double *g, const double *gdot, size_t d,
                                      double *out);
/* Mean BPR loss over all triplets and its gradient (tables of doubles, overwritten). */
double lk_reference_bpr(const lk_triplets *t, const float *users, const float *items, size_t d, double *gu, double *gi);
/* Hessian-vector product of the mean BPR loss. */
void lk_reference_bpr_hvp(const lk_triplets *t, const float *users, const float *items, const float *vu,
                          const float *vi, size_t d, double *hu, double *hi);
/* One step of lk_sgd_triplets on the rows e_u, e_i, e_j (3, d), in place; `then` is the score to stay near to (NaN: none);
 * work has room for 9·d. Returns the value. */
double lk_reference_sgd_triplet(const lk_triplet_rule *rule, double *row, size_t d, double then, double *work);
/* The same lists as lk_rank, from the item table (items, d), in rows of k. */
void lk_reference_rank(const lk_ranking *ranking, const float *items, const uint32_t *users, size_t n,
                       double *best_score, uint32_t *best_item, size_t *filled);

#endif
