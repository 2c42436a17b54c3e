#include <math.h>
#include <stdio.h>
int main(void)
{
    int n;
    scanf("%d", &n);
    printf("%.0f\n", pow(3, n));
}
