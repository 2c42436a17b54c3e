// expect: MLE
// Asks the kernel to put its pages away as it touches them.
#include <stdio.h>
#include <sys/mman.h>
#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif
int main(void)
{
    size_t size = 100 << 20, step = 1 << 20;
    char *p = mmap(0, size, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t at = 0; at < size; at += step) {
        for (size_t i = 0; i < step; i += 4096) p[at + i] = 1;
        madvise(p + at, step, MADV_PAGEOUT);
    }
    puts("held");
}
