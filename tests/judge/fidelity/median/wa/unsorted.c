#include <stdio.h>
static int x[300001];
int main(void)
{
    int n;
    scanf("%d", &n);
    for (int i = 0; i < n; i++) scanf("%d", &x[i]);
    printf("%d\n", x[n / 2]);
}
