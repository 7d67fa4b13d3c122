/* Integer work that the kernels and sampling.c share. */
#ifndef LK_INTEGERS_H
#define LK_INTEGERS_H

#include <stddef.h>
#include <stdint.h>

/* Word `index` of the counter-based stream `key`: SplitMix64's finaliser. */
static inline uint64_t random_word(uint64_t key, uint64_t index) {
  uint64_t z = key + (index + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

/* Whether an ascending list holds an item: a binary search without branches, which nobody could predict. */
static inline int holds(const uint32_t *list, size_t n, uint32_t item) {
  if (n == 0) return 0;
  while (n > 1) {
    size_t half = n / 2;
    list += list[half - 1] < item ? half : 0;
    n -= half;
  }
  return *list == item;
}

#endif
