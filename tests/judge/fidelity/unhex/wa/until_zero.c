#include <stdio.h>
int main(void)
{
    static char all[1000];
    int n = 0;
    for (unsigned b; scanf("%2x", &b) == 1;) all[n++] = (char)b;
    printf("%s", all);
}
