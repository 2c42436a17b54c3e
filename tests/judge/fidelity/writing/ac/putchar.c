#include <stdio.h>
static void number(int n)
{
    if (n > 9) number(n / 10);
    putchar('0' + n % 10);
}
int main(void)
{
    int n;
    scanf("%d", &n);
    for (int i = 1; i <= n; i++) {
        number(i);
        putchar('\n');
    }
}
