#include <stdio.h>
int main(void)
{
    int n, x;
    scanf("%d", &n);
    for (int i = 1; i < n; i++) {
        scanf("%d", &x);
        printf("%d\n", x + 1);
    }
}
