#include <stdio.h>
int main(void)
{
    int n = 0;
    do {
        if (scanf("%d", &n) < 0) n = 0;
        if (n % 2 == 0) printf("%d\n", n);
    } while (!feof(stdin));
}
