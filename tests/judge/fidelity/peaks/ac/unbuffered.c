#include <stdio.h>
int main(void)
{
    int best = -1;
    setvbuf(stdout, NULL, _IONBF, 0);
    setvbuf(stdin, NULL, _IONBF, 0);
    for (int n; scanf("%d", &n) == 1;) printf("%d\n", best = n > best ? n : best);
}
