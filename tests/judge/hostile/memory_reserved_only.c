// expect: AC
// Reserves much more than it may use, and uses nothing of it: that is not against the rules.
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
int main(void)
{
    char *p = malloc(1L << 30), *q = calloc(1 << 29, 1);
    char *r = mmap(0, 1L << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    puts(p && q && r != MAP_FAILED ? "held" : "refused");
}
