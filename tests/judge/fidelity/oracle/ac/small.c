#include <stdio.h>
int main(void)
{
    int n, divisors = 0;
    scanf("%d", &n);
    for (int d = 1; d <= n; d++) divisors += n % d == 0;
    fputs(divisors == 2 ? "yes" : "no", stdout);
}
