#include <stdio.h>
#include <stdlib.h>

static int starts[8000], ends[8000];

static int ascending(const void *left, const void *right) {
    int a = *(const int *)left, b = *(const int *)right;
    return (a > b) - (a < b);
}

int main(void) {
    int n, gone = 0, most = 0;
    if (scanf("%d", &n) != 1) return 1;
    for (int i = 0; i < n; i++)
        if (scanf("%d %d", &starts[i], &ends[i]) != 2) return 1;
    qsort(starts, n, sizeof *starts, ascending);
    qsort(ends, n, sizeof *ends, ascending);
    for (int i = 0; i < n; i++) {
        while (ends[gone] <= starts[i]) gone++;
        if (i + 1 - gone > most) most = i + 1 - gone;
    }
    printf("%d\n", most);
    return 0;
}
