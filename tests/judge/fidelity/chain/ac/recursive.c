#include <stdio.h>
static int up[100001], depth[100001];
static int deep(int i)
{
    if (i == 1) return 1;
    if (!depth[i]) depth[i] = 1 + deep(up[i]);
    return depth[i];
}
int main(void)
{
    int n, best = 0;
    scanf("%d", &n);
    for (int i = 2; i <= n; i++) scanf("%d", &up[i]);
    for (int i = n; i; i--) {
        int d = deep(i);
        if (d > best) best = d;
    }
    printf("%d\n", best);
}
