// expect: MLE
// Takes too much, and ends before anybody looks.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    char *p = malloc(80 << 20);
    for (long i = 0; i < 80 << 20; i += 4096) p[i] = 1;
    puts("held");
}
