#include <stdio.h>
int main(void)
{
    int best = -1;
    for (int n; scanf("%d", &n) == 1;) {
        printf("%d\n", best = n > best ? n : best);
        fflush(stdout);
    }
}
