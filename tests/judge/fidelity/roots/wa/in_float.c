#include <math.h>
#include <stdio.h>
int main(void)
{
    int n;
    float x;
    scanf("%d", &n);
    while (n-- && scanf("%f", &x) == 1) printf("%.12f\n", sqrtf(x));
}
