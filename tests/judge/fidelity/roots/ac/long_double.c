#include <math.h>
#include <stdio.h>
int main(void)
{
    int n;
    long double x;
    scanf("%d", &n);
    while (n-- && scanf("%Lf", &x) == 1) printf("%.15Lf\n", sqrtl(x));
}
