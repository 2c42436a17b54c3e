#include <stdio.h>
static char s[4000001];
int main(void)
{
    int best = 0, run = 0;
    scanf("%4000000s", s);
    for (int i = 0; s[i]; i++) {
        run = i && s[i] == s[i - 1] ? run + 1 : 1;
        best = run > best ? run : best;
    }
    printf("%d\n", best);
}
