#include <stdio.h>
static volatile int x[300001];
int main(void)
{
    int n;
    scanf("%d", &n);
    for (int i = 0; i < n; i++) scanf("%d", (int *)&x[i]);
    for (int i = 0; i < n; i++)
        for (int j = 0; j + 1 < n; j++)
            if (x[j] > x[j + 1]) {
                int t = x[j];
                x[j] = x[j + 1];
                x[j + 1] = t;
            }
    printf("%d\n", x[n / 2]);
}
