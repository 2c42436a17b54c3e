#include <stdio.h>
#include <unistd.h>
int main(void)
{
    int n;
    scanf("%d", &n);
    for (int i = 1; i <= n; i++) dprintf(1, "%d\n", i);
}
