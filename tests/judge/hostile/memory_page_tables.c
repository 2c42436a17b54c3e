// expect: AC|MLE
// Touches one page of each 2 MiB by reading: the tables that the kernel keeps for it are the memory.
#include <stdio.h>
#include <sys/mman.h>
int main(void)
{
    size_t size = 1UL << 40, step = 2 << 20;
    volatile char *p = MAP_FAILED;
    while (p == MAP_FAILED && size > 1 << 20)
        p = mmap(0, size /= 2, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (size / step * 4096 > 64 << 20) return printf("%zu bytes of addresses\n", size), 0;
    long sum = 0;
    for (size_t at = 0; at < size; at += step) sum += p[at];
    puts(sum ? "not zero" : "held");
}
