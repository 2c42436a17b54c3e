// expect: OLE
// limits: output_bytes=1000
// Exceeds its output first, then its memory and time: the first rule decides.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void)
{
    for (int i = 0; i < 1000; i++) puts("held");
    fflush(stdout);
    for (;;) {
        char *p = malloc(1 << 20);
        if (p) memset(p, 1, 1 << 20);
    }
}
