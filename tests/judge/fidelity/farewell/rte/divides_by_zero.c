#include <stdio.h>
int main(void)
{
    volatile int a, b, zero = 0;
    scanf("%d %d", (int *)&a, (int *)&b);
    printf("%d\n", a + b);
    fflush(stdout);
    return a / zero;
}
