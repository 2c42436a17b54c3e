#include <stdio.h>
#include <stdlib.h>
int main(void)
{
    static char text[1 << 20];
    FILE *f = fopen("/dev/stdin", "r");
    if (!f) return 1;
    text[fread(text, 1, sizeof text - 1, f)] = 0;
    char *at = text;
    long n = strtol(at, &at, 10), sum = 0;
    while (n--) sum += strtol(at, &at, 10);
    printf("%ld\n", sum);
}
