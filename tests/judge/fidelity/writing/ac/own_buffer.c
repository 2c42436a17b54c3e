#include <stdio.h>
static char buffer[1 << 20];
int main(void)
{
    int n;
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
    scanf("%d", &n);
    for (int i = 1; i <= n; i++) printf("%d\n", i);
}
