// expect: MLE
// Gives pages back that the kernel takes only when it wants them; until then they are there.
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>
#ifndef MADV_FREE
#define MADV_FREE 8
#endif
int main(void)
{
    size_t size = 100 << 20;
    volatile char *p = mmap(0, size, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t at = 0; at < size; at += 4096) {
        p[at] = 1;
        if (at % (1 << 20) == 0 && at) madvise((void *)(p + at - (1 << 20)), 1 << 20, MADV_FREE);
    }
    usleep(30000);
    puts("held");
}
