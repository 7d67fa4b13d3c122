/* Readable scalar versions, in double precision: what the fast kernels must agree with. */

#include <math.h>
#include <string.h>

#include "CKernels.h"

double lk_reference_softplus(double z) { return fmax(z, 0) + log1p(exp(-fabs(z))); }

void lk_reference_softplus_grid(const float *coefficients, size_t stride, size_t n, size_t k, const float *axis1,
                                size_t n1, const float *axis2, size_t n2, const float *axis3, size_t n3, double *sums) {
  const float *axes[3] = {axis1, axis2, axis3};
  for (size_t i = 0; i < n1; i++)
    for (size_t j = 0; j < n2; j++)
      for (size_t l = 0; l < n3; l++) {
        size_t at[3] = {i, j, l};
        for (size_t t = 0; t < n; t++) {
          double x = coefficients[t];
          size_t c = k + 1;
          for (size_t a = 0; a < k; a++) {
            double ta = axes[a][at[a]];
            x += ta * coefficients[(a + 1) * stride + t];
            for (size_t b = a; b < k; b++) x += ta * axes[b][at[b]] * coefficients[c++ * stride + t];
          }
          sums[(i * n2 + j) * n3 + l] += lk_reference_softplus(-x);
        }
      }
}

static double difference_dot(const float *e, const float *i, const float *j, size_t d) {
  double sum = 0;
  for (size_t x = 0; x < d; x++) sum += (double)e[x] * ((double)i[x] - (double)j[x]);
  return sum;
}

void lk_reference_quadratic_coefficients(const float *const *users, const float *const *items, size_t k, size_t d,
                                         const uint32_t *u, const uint32_t *i, const uint32_t *j, size_t first,
                                         size_t last, double *out, size_t stride) {
  for (size_t t = first; t < last; t++) {
    double product[4][4]; /* e_a·(i_b - j_b) */
    for (size_t a = 0; a <= k; a++)
      for (size_t b = 0; b <= k; b++)
        product[a][b] = difference_dot(users[a] + u[t] * d, items[b] + i[t] * d, items[b] + j[t] * d, d);
    size_t c = k + 1, at = t - first;
    out[at] = product[0][0];
    for (size_t a = 1; a <= k; a++) {
      out[a * stride + at] = product[0][a] + product[a][0];
      for (size_t b = a; b <= k; b++) out[c++ * stride + at] = product[a][b] + (a == b ? 0 : product[b][a]);
    }
  }
}

double lk_reference_bpr(const lk_triplets *t, const float *users, const float *items, size_t d, double *gu, double *gi) {
  double total = 0;
  memset(gu, 0, t->users * d * sizeof(double));
  memset(gi, 0, t->items * d * sizeof(double));
  for (size_t m = 0; m < t->count; m++) {
    const float *e = users + t->user[m] * d, *i = items + t->positive[m] * d, *j = items + t->negative[m] * d;
    double x = difference_dot(e, i, j, d), s = 1 / (1 + exp(x)) / (double)t->count;
    total += lk_reference_softplus(-x);
    for (size_t k = 0; k < d; k++) {
      gu[t->user[m] * d + k] -= s * ((double)i[k] - (double)j[k]);
      gi[t->positive[m] * d + k] -= s * e[k];
      gi[t->negative[m] * d + k] += s * e[k];
    }
  }
  return total / (double)t->count;
}

void lk_reference_bpr_hvp(const lk_triplets *t, const float *users, const float *items, const float *vu,
                          const float *vi, size_t d, double *hu, double *hi) {
  memset(hu, 0, t->users * d * sizeof(double));
  memset(hi, 0, t->items * d * sizeof(double));
  for (size_t m = 0; m < t->count; m++) {
    size_t u = t->user[m] * d, i = t->positive[m] * d, j = t->negative[m] * d;
    double x = difference_dot(users + u, items + i, items + j, d);
    double xdot = difference_dot(vu + u, items + i, items + j, d) + difference_dot(users + u, vi + i, vi + j, d);
    double s = 1 / (1 + exp(x)) / (double)t->count, c = s / (1 + exp(-x));
    for (size_t k = 0; k < d; k++) {
      hu[u + k] += c * xdot * ((double)items[i + k] - items[j + k]) - s * ((double)vi[i + k] - vi[j + k]);
      double item = c * xdot * users[u + k] - s * vu[u + k];
      hi[i + k] += item;
      hi[j + k] -= item;
    }
  }
}

/* Gradient of softplus(-x) at three rows, added to g (3, d) with a weight; returns the value. */
static double add_triplet(const double *row, size_t d, double weight, double *g) {
  const double *u = row, *i = row + d, *j = row + 2 * d;
  double x = 0;
  for (size_t k = 0; k < d; k++) x += u[k] * (i[k] - j[k]);
  double s = -weight / (1 + exp(x));
  for (size_t k = 0; k < d; k++) {
    g[k] += s * (i[k] - j[k]);
    g[d + k] += s * u[k];
    g[2 * d + k] -= s * u[k];
  }
  return weight * lk_reference_softplus(-x);
}

static double norm(const double *x, size_t n) {
  double sum = 0;
  for (size_t k = 0; k < n; k++) sum += x[k] * x[k];
  return sqrt(sum);
}

double lk_reference_sgd_triplet(const lk_triplet_rule *rule, double *row, size_t d, double then, double *work) {
  double *g = work, *ascent = work + 3 * d, *moved = work + 6 * d, value, score = 0;
  memset(work, 0, 6 * d * sizeof(double));
  value = add_triplet(row, d, (double)rule->clean, g);
  for (size_t k = 0; k < d; k++) score += row[k] * row[d + k];
  if (then == then && rule->then) {
    double change = score - then, weight = (double)rule->trajectory;
    value += weight * change * change;
    for (size_t k = 0; k < d; k++) {
      g[k] += 2 * weight * change * row[d + k];
      g[d + k] += 2 * weight * change * row[k];
    }
  }
  if (rule->adversarial != 0) {
    add_triplet(row, d, 1, ascent);
    double all = norm(ascent, 3 * d);
    for (size_t r = 0; r < 3; r++) {
      double size = rule->per_row ? norm(ascent + r * d, d) : all;
      for (size_t k = r * d; k < (r + 1) * d; k++) moved[k] = row[k] + (size > 0 ? (double)rule->rho * ascent[k] / size : 0);
    }
    value += add_triplet(moved, d, (double)rule->adversarial, g);
  }
  for (size_t k = 0; k < 3 * d; k++) row[k] -= (double)rule->rate * (g[k] + (double)rule->l2 * row[k]);
  return value;
}

static int is_known(const lk_ranking *r, size_t user, uint32_t item) {
  for (uint64_t m = r->known_offsets[user]; m < r->known_offsets[user + 1]; m++)
    if (r->known[m] == item) return 1;
  return 0;
}

void lk_reference_rank(const lk_ranking *r, const float *items, const uint32_t *users, size_t n, double *best_score,
                       uint32_t *best_item, size_t *filled) {
  for (size_t m = 0; m < n; m++) {
    double *scores = best_score + m * r->k;
    uint32_t *list = best_item + m * r->k;
    filled[m] = 0;
    for (uint32_t i = 0; i < r->items; i++) {
      double score = 0;
      for (size_t x = 0; x < r->d; x++) score += (double)r->user_table[users[m] * r->d + x] * items[i * r->d + x];
      if (!(score > -INFINITY) || is_known(r, users[m], i)) continue;
      if (filled[m] == r->k && !(score > scores[r->k - 1])) continue;
      size_t at = filled[m] < r->k ? filled[m]++ : r->k - 1;
      for (; at > 0 && scores[at - 1] < score; at--) {
        scores[at] = scores[at - 1];
        list[at] = list[at - 1];
      }
      scores[at] = score;
      list[at] = i;
    }
  }
}

void lk_reference_spmm(const lk_csr *a, const float *x, const uint32_t *x_place, size_t d, double alpha, const float *base,
                       const uint32_t *base_place, double beta, const uint32_t *rows, size_t first, size_t last,
                       double *out) {
  for (size_t k = first; k < last; k++) {
    size_t row = rows ? rows[k] : k;
    size_t at = base_place ? base_place[row] : row;
    for (size_t c = 0; c < d; c++) {
      double sum = 0;
      for (size_t e = a->offsets[row]; e < a->offsets[row + 1]; e++) {
        size_t from = x_place ? x_place[a->columns[e]] : a->columns[e];
        if (from != LK_NOWHERE) sum += (double)a->values[e] * x[from * d + c];
      }
      out[k * d + c] = alpha * sum + (base && at != LK_NOWHERE ? beta * base[at * d + c] : 0);
    }
  }
}

void lk_reference_shift_rows(const float *x, const float *noise, size_t rows, size_t d, double epsilon, double *out) {
  for (size_t r = 0; r < rows; r++) {
    double square = 0;
    for (size_t c = r * d; c < (r + 1) * d; c++) square += (double)noise[c] * noise[c];
    for (size_t c = r * d; c < (r + 1) * d; c++) {
      double sign = (x[c] > 0) - (x[c] < 0);
      out[c] = x[c] + (square > 0 ? sign * epsilon * noise[c] / sqrt(square) : 0);
    }
  }
}

double lk_reference_contrast(const float *logits, const float *tangent, size_t n, size_t own, double *gradient,
                             double *gradient_tangent) {
  double others = 0, mean = 0;
  for (size_t x = 0; x < n; x++) others += x == own ? 0 : exp((double)logits[x] - logits[own]);
  for (size_t x = 0; x < n; x++) mean += exp((double)logits[x] - logits[own]) / (1 + others) * tangent[x];
  for (size_t x = 0; x < n; x++) {
    double softmax = exp((double)logits[x] - logits[own]) / (1 + others);
    gradient[x] = x == own ? -others / (1 + others) : softmax;
    gradient_tangent[x] = softmax * (tangent[x] - mean);
  }
  return log1p(others);
}

void lk_reference_mixed_scores(const lk_mixing *m, size_t first, size_t last, const float *mix, double *scores) {
  for (size_t t = first; t < last; t++)
    for (size_t c = 0; c < m->candidates; c++)
      for (size_t hop = 0; hop < m->hops; hop++) {
        size_t place = ((t - first) * m->candidates + c) * m->hops + hop;
        const float *e = m->users + m->user[t] * m->d, *p = m->layers[hop] + m->positive[t] * m->d;
        const float *n = m->layers[hop] + m->candidate[t * m->candidates + c] * m->d;
        scores[place] = 0;
        for (size_t x = 0; x < m->d; x++) {
          double a = m->by_component ? mix[place * m->d + x] : mix[(t - first) * m->hops + hop];
          scores[place] += e[x] * (a * p[x] + (1 - a) * n[x]);
        }
      }
}

void lk_reference_gemm(size_t m, size_t n, size_t k, const float *a, const float *b, double *c) {
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < n; j++) {
      c[i * n + j] = 0;
      for (size_t x = 0; x < k; x++) c[i * n + j] += (double)a[i * k + x] * b[x * n + j];
    }
}

static double dot(const double *a, const double *b, size_t n) {
  double sum = 0;
  for (size_t k = 0; k < n; k++) sum += a[k] * b[k];
  return sum;
}

void lk_reference_project_row(const double *x, const double *g, size_t d, double *out) {
  double length = norm(x, d);
  for (size_t k = 0; k < d; k++) out[k] = length > 0 ? g[k] / length - x[k] * dot(x, g, d) / pow(length, 3) : 0;
}

/* Of g/l - x·(x·g)/l³ with l' = x·x'/l. */
void lk_reference_project_row_tangent(const double *x, const double *xdot, const double *g, const double *gdot, size_t d,
                                      double *out) {
  double l = norm(x, d), s = dot(x, g, d), sdot = dot(xdot, g, d) + dot(x, gdot, d);
  for (size_t k = 0; k < d; k++) {
    double ldot = dot(x, xdot, d) / l;
    out[k] = gdot[k] / l - g[k] * ldot / (l * l) - (xdot[k] * s + x[k] * sdot) / pow(l, 3) + 3 * x[k] * s * ldot / pow(l, 4);
    if (l == 0) out[k] = 0;
  }
}
