#include <stdio.h>
#include <stdlib.h>
static int x[300001];
static int by_value(const void *a, const void *b) { return (*(int *)a > *(int *)b) - (*(int *)a < *(int *)b); }
int main(void)
{
    int n;
    scanf("%d", &n);
    for (int i = 0; i < n; i++) scanf("%d", &x[i]);
    qsort(x, n, sizeof *x, by_value);
    printf("%d\n", x[n / 2]);
}
