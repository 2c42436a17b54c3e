#include <stdio.h>
int main(void)
{
    for (int n; scanf("%d", &n) == 1;)
        if (n % 2 == 0) printf("%d\n", n);
}
