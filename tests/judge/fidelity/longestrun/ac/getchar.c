#include <stdio.h>
int main(void)
{
    int best = 0, run = 0, before = EOF;
    for (int c; (c = getchar()) != EOF && c != '\n'; before = c) {
        run = c == before ? run + 1 : 1;
        if (run > best) best = run;
    }
    printf("%d", best);
}
