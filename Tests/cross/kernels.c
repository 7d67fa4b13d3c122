/* Holds the kernels together with their references on whatever machine this is compiled for. */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

enum { USERS = 37, ITEMS = 53, COUNT = 1000, POINTS = 5 };

static int failures;

static void expect(const char *what, size_t d, double error, double tolerance) {
  if (error <= tolerance) return; /* false for NaN too */
  printf("%s, d = %zu: error %g exceeds %g\n", what, d, error, tolerance);
  failures++;
}

/* Largest difference, relative to the largest value. */
static double distance(const float *got, const double *wanted, size_t n) {
  double error = 0, size = 1e-30;
  for (size_t k = 0; k < n; k++) {
    double difference = fabs(got[k] - wanted[k]);
    if (!(difference <= error)) error = difference;
    size = fmax(size, fabs(wanted[k]));
  }
  return error / size;
}

static float *normal(uint64_t key, size_t n, float scale) {
  float *values = malloc(n * sizeof(float));
  lk_fill_normal(key, 0, n, values);
  lk_scale(scale, values, n);
  return values;
}

static double *zeros(size_t n) { return calloc(n, sizeof(double)); }

static uint32_t user[COUNT], positive[COUNT], negative[COUNT];
static uint32_t user_offsets[USERS + 1], item_offsets[ITEMS + 1], item_entries[2 * COUNT];

static lk_triplets triplets(void) {
  for (size_t t = 0; t < COUNT; t++) {
    user[t] = (uint32_t)(t * t / COUNT * USERS / COUNT); /* ascending; some have many, some none */
    positive[t] = (uint32_t)(lk_random_word(1, t) % ITEMS);
    negative[t] = (uint32_t)(lk_random_word(2, t) % ITEMS);
    for (size_t row = user[t] + 1; row <= USERS; row++) user_offsets[row]++;
  }
  lk_index_items(positive, negative, COUNT, ITEMS, item_offsets, item_entries);
  return (lk_triplets){USERS, ITEMS, COUNT, user, positive, negative, user_offsets, item_offsets, item_entries};
}

static void check_dot(size_t d) {
  float *a = normal(3, d, 1), *b = normal(4, d, 1);
  double sum = 0, size = 1e-30;
  for (size_t k = 0; k < d; k++) sum += (double)a[k] * b[k], size += fabs((double)a[k] * b[k]);
  expect("dot", d, fabs(lk_dot(a, b, d) - sum) / size, 3e-7);
  free(a), free(b);
}

/* Loss, gradient and Hessian–vector product. */
static void check_bpr(const lk_triplets *t, size_t d, float scale, double tolerance) {
  size_t nu = USERS * d, ni = ITEMS * d;
  float *u = normal(5, nu, scale), *i = normal(6, ni, scale), *vu = normal(7, nu, 1), *vi = normal(8, ni, 1);
  float slope[COUNT], curvature[COUNT], xdot[COUNT], *gu = normal(9, nu, 1), *gi = normal(9, ni, 1);
  double *ru = zeros(nu), *ri = zeros(ni), wanted = lk_reference_bpr(t, u, i, d, ru, ri);
  double got = lk_bpr_users(t, u, i, d, 1.0 / COUNT, 0, USERS, slope, curvature, gu) / COUNT;
  lk_bpr_items(t, u, d, 1.0 / COUNT, 0, ITEMS, slope, gi);
  expect("loss", d, fabs(got - wanted) / wanted, 1e-6);
  expect("gradient of users", d, distance(gu, ru, nu), 3e-6);
  expect("gradient of items", d, distance(gi, ri, ni), 3e-6);
  lk_reference_bpr_hvp(t, u, i, vu, vi, d, ru, ri);
  lk_bpr_hvp_users(t, u, i, vu, vi, d, 1.0 / COUNT, 0, USERS, slope, curvature, xdot, gu);
  lk_bpr_hvp_items(t, u, vu, d, 1.0 / COUNT, 0, ITEMS, slope, xdot, gi);
  expect("product of users", d, distance(gu, ru, nu), tolerance);
  expect("product of items", d, distance(gi, ri, ni), tolerance);
  free(u), free(i), free(vu), free(vi), free(gu), free(gi), free(ru), free(ri);
}

static void check_surface(size_t d) {
  const float *users[4], *items[4];
  for (uint64_t a = 0; a < 4; a++) {
    users[a] = normal(10 + a, USERS * d, 1 / sqrtf((float)d));
    items[a] = normal(20 + a, ITEMS * d, 1);
  }
  for (size_t k = 1; k <= 3; k++) {
    size_t terms = (k + 1) * (k + 2) / 2, points = 1;
    float axis[POINTS] = {-1, -0.5f, 0, 0.25f, 1}, one[1] = {0}, *got = normal(30, terms * COUNT, 1);
    double *wanted = zeros(terms * COUNT), sums[POINTS * POINTS * POINTS] = {0}, exact[POINTS * POINTS * POINTS] = {0};
    lk_reference_quadratic_coefficients(users, items, k, d, user, positive, negative, 0, COUNT, wanted, COUNT);
    lk_quadratic_coefficients(users, items, k, d, user, positive, negative, 0, COUNT, got, COUNT);
    expect("coefficients", d, distance(got, wanted, terms * COUNT), 3e-6);
    for (size_t a = 0; a < k; a++) points *= POINTS;
    const float *second = k > 1 ? axis : one, *third = k > 2 ? axis : one;
    size_t n2 = k > 1 ? POINTS : 1, n3 = k > 2 ? POINTS : 1;
    lk_softplus_grid(got, COUNT, COUNT, k, axis, POINTS, second, n2, third, n3, sums);
    lk_reference_softplus_grid(got, COUNT, COUNT, k, axis, POINTS, second, n2, third, n3, exact);
    for (size_t p = 0; p < points; p++) expect("surface", d, fabs(sums[p] / exact[p] - 1), 1e-6);
    free(got), free(wanted);
  }
  for (size_t a = 0; a < 4; a++) free((void *)users[a]), free((void *)items[a]);
}

int main(void) {
  const size_t widths[] = {1, 3, 15, 16, 17, 64, 128, 130};
  lk_triplets t = triplets();
  for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
    check_dot(widths[w]);
    check_bpr(&t, widths[w], 1 / sqrtf((float)widths[w]), 3e-6);
    check_surface(widths[w]);
  }
  check_bpr(&t, 16, 15, 2e-4); /* margins of a thousand: their own rounding is 1e-4, and curvature follows it */
  printf("kernels (%s): %d of the comparisons with the references failed\n", lk_isa_name(), failures);
  return failures > 0;
}
