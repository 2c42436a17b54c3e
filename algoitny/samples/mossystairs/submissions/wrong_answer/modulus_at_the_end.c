#include <stdio.h>

long long ways[100004];
int mossy[100004];

int main(void) {
    int n, m, step;
    scanf("%d %d", &n, &m);
    while (m--) {
        scanf("%d", &step);
        mossy[step] = 1;
    }
    ways[2] = 1;
    for (int i = 1; i <= n; i++)
        if (!mossy[i])
            ways[i + 2] = (long long)((unsigned long long)ways[i + 1] + ways[i] + ways[i - 1]);
    printf("%lld\n", ways[n + 2] % 1000000007);
    return 0;
}
