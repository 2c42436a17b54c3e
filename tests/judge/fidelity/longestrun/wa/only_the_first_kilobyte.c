#include <stdio.h>
int main(void)
{
    char s[1024];
    int best = 0, run = 0;
    if (!fgets(s, sizeof s, stdin)) return 1;
    for (int i = 0; s[i] && s[i] != '\n'; i++) {
        run = i && s[i] == s[i - 1] ? run + 1 : 1;
        best = run > best ? run : best;
    }
    printf("%d\n", best);
}
