/* Sampling, order and indices of triplets: integer work, the same on every instruction set. */

#include <sched.h>
#include <string.h>

#include "CKernels.h"
#include "integers.h"

uint64_t lk_random_word(uint64_t key, uint64_t index) { return random_word(key, index); }

/* A uniform integer below a bound, from the high half of a product. */
static uint64_t below(uint64_t word, uint64_t bound) { return (uint64_t)(((unsigned __int128)word * bound) >> 64); }

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
      uint32_t item = (uint32_t)below(random_word(key, slot + attempt), items);
      if (!holds(columns + first, last - first, item)) out[t] = item;
    }
    if (out[t] == UINT32_MAX) {
      uint64_t n_th = below(random_word(key, slot + attempts), absent);
      out[t] = nth_absent(columns, first, last, n_th);
    }
  }
}

void lk_shuffle(uint64_t key, uint64_t position, uint32_t *values, size_t n) {
  const size_t ahead = 16; /* partners are known in advance: word m belongs to place n - 1 - m */
  for (size_t last = n, word = position; last-- > 1; word++) {
    if (last > ahead) {
      size_t place = last - ahead;
      __builtin_prefetch(values + (size_t)below(random_word(key, word + ahead), place + 1), 1);
    }
    size_t partner = (size_t)below(random_word(key, word), last + 1);
    uint32_t value = values[last];
    values[last] = values[partner];
    values[partner] = value;
  }
}

void lk_take_triplets(const uint32_t *pairs, size_t n, const uint32_t *user_of_pair, const uint32_t *columns,
                      const uint32_t *negative_of_pair, uint32_t *user, uint32_t *positive, uint32_t *negative) {
  const size_t ahead = 16;
  for (size_t t = 0; t < n; t++) {
    if (t + ahead < n) {
      size_t next = pairs[t + ahead];
      __builtin_prefetch(user_of_pair + next);
      __builtin_prefetch(columns + next);
      if (negative_of_pair) __builtin_prefetch(negative_of_pair + next);
    }
    user[t] = user_of_pair[pairs[t]];
    positive[t] = columns[pairs[t]];
    if (negative_of_pair) negative[t] = negative_of_pair[pairs[t]];
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

static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

size_t lk_level_triplets(const uint32_t *u, const uint32_t *i, const uint32_t *j, size_t n, uint32_t *user_level,
                         uint32_t *item_level, uint32_t *level, uint32_t *places, uint32_t *offsets) {
  size_t levels = 0;
  for (size_t t = 0; t < n; t++) { /* a row's level is that of its next triplet, at least */
    uint32_t own = larger(user_level[u[t]], larger(item_level[i[t]], item_level[j[t]]));
    user_level[u[t]] = item_level[i[t]] = item_level[j[t]] = own + 1;
    level[t] = own;
    levels = levels > own ? levels : own + 1;
  }
  for (size_t t = 0; t < n; t++) user_level[u[t]] = item_level[i[t]] = item_level[j[t]] = 0;
  memset(offsets, 0, (levels + 1) * sizeof(uint32_t));
  for (size_t t = 0; t < n; t++) offsets[level[t] + 1]++;
  for (size_t l = 0; l < levels; l++) offsets[l + 1] += offsets[l];
  for (size_t t = 0; t < n; t++) places[offsets[level[t]]++] = (uint32_t)t; /* offsets are cursors, shifted back below */
  memmove(offsets + 1, offsets, levels * sizeof(uint32_t));
  offsets[0] = 0;
  return levels;
}

void lk_pause(long *turns) {
  if (++*turns % 4096 == 0) sched_yield();
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

void lk_bpr_entries(const lk_triplets *t, const float *slope, size_t first, size_t last, uint32_t *entry_users,
                    float *entry_slopes) {
  for (size_t m = first; m < last; m++) {
    uint32_t triplet = t->item_entries[m] >> 1;
    entry_users[m] = t->user[triplet];
    entry_slopes[m] = t->item_entries[m] & 1 ? -slope[triplet] : slope[triplet];
  }
}
