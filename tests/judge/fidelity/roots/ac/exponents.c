#include <math.h>
#include <stdio.h>
int main(void)
{
    int n;
    double x;
    scanf("%d", &n);
    while (n-- && scanf("%lf", &x) == 1) printf("%.12E ", sqrt(x));
}
