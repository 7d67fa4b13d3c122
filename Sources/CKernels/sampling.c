/* Negative sampling and the item index: integer work, the same on every instruction set. */

#include <string.h>

#include "CKernels.h"

uint64_t lk_random_word(uint64_t key, uint64_t index) {
  uint64_t z = key + (index + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

static int row_contains(const uint32_t *columns, uint64_t first, uint64_t last, uint32_t item) {
  while (first < last) {
    uint64_t middle = first + (last - first) / 2;
    if (columns[middle] < item) first = middle + 1;
    else if (columns[middle] > item) last = middle;
    else return 1;
  }
  return 0;
}

/* The n-th item (from 0) that the row does not hold: where rejection would take too long. */
static uint32_t nth_absent(const uint32_t *columns, uint64_t first, uint64_t last, uint64_t n) {
  uint64_t item = n;
  for (uint64_t at = first; at < last && columns[at] <= item; at++) item++;
  return (uint32_t)item;
}

void lk_sample_negatives(uint64_t key, const uint64_t *row_offsets, const uint32_t *columns, size_t items,
                         const uint32_t *users, size_t n, const uint64_t *slots, uint64_t first_slot, uint32_t *out) {
  const uint64_t attempts = 1 << 6;
  for (size_t t = 0; t < n; t++) {
    uint64_t first = row_offsets[users[t]], last = row_offsets[users[t] + 1];
    uint64_t slot = (slots ? slots[t] : first_slot + t) * (attempts + 1);
    uint64_t absent = items - (last - first);
    out[t] = UINT32_MAX;
    if (!absent) continue;
    for (uint64_t attempt = 0; attempt < attempts && out[t] == UINT32_MAX; attempt++) {
      uint32_t item = (uint32_t)(((unsigned __int128)lk_random_word(key, slot + attempt) * items) >> 64);
      if (!row_contains(columns, first, last, item)) out[t] = item;
    }
    if (out[t] == UINT32_MAX) {
      uint64_t n_th = (uint64_t)(((unsigned __int128)lk_random_word(key, slot + attempts) * absent) >> 64);
      out[t] = nth_absent(columns, first, last, n_th);
    }
  }
}

void lk_index_items(const uint32_t *positive, const uint32_t *negative, size_t count, size_t items,
                    uint32_t *item_offsets, uint32_t *item_entries) {
  memset(item_offsets, 0, (items + 1) * sizeof(uint32_t));
  for (size_t t = 0; t < count; t++) {
    item_offsets[positive[t] + 1]++;
    item_offsets[negative[t] + 1]++;
  }
  for (size_t i = 0; i < items; i++) item_offsets[i + 1] += item_offsets[i];
  for (size_t t = 0; t < count; t++) { /* offsets become cursors, and are shifted back below */
    item_entries[item_offsets[positive[t]]++] = (uint32_t)(t << 1);
    item_entries[item_offsets[negative[t]]++] = (uint32_t)(t << 1 | 1);
  }
  memmove(item_offsets + 1, item_offsets, items * sizeof(uint32_t));
  item_offsets[0] = 0;
}

void lk_bpr_entries(const lk_triplets *t, const float *slope, size_t first, size_t last, uint32_t *entry_users,
                    float *entry_slopes) {
  for (size_t m = first; m < last; m++) {
    uint32_t triplet = t->item_entries[m] >> 1;
    entry_users[m] = t->user[triplet];
    entry_slopes[m] = t->item_entries[m] & 1 ? -slope[triplet] : slope[triplet];
  }
}
