#include <cblas.h>

/* LAPACK's symmetric eigensolver: part of OpenBLAS, but declared in no header of Debian's libopenblas-dev. */
void dsyev_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
            const int *lwork, int *info);
