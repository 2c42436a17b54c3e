#include <stdio.h>
int main(void)
{
    int n;
    scanf("%d", &n);
    for (int i = 1; i <= n; i++) {
        printf("%*s", n - i, "");
        for (int j = 1; j < 2 * i; j++) putchar('*');
        printf("  \r\n");
    }
    printf("\r\nend\r\n\r\n");
}
