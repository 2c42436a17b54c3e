#include <stdio.h>
int main(void)
{
    int n;
    FILE *f = fopen("/dev/stdout", "w");
    scanf("%d", &n);
    for (int i = 1; f && i <= n; i++) fprintf(f, "%d\n", i);
    return f ? fclose(f) : 1;
}
