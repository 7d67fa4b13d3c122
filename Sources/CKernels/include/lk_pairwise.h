/* Scores, gradients and Hessian–vector products of pairwise losses on triplets, and one update per triplet. See CKernels.h. */
#ifndef LK_PAIRWISE_H
#define LK_PAIRWISE_H

#include <stddef.h>
#include <stdint.h>

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

#endif
