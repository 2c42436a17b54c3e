#include <stdio.h>
#include <unistd.h>
int main(void)
{
    int a, b;
    scanf("%d %d", &a, &b);
    printf("%d\n", a + b);
    _exit(0);
}
