/* All-ranking. See CKernels.h. */
#ifndef LK_RANKING_H
#define LK_RANKING_H

#include <stddef.h>
#include <stdint.h>

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

#endif
