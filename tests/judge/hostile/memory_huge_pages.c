// expect: AC
// Pages of 2 MiB are in no resident size.
#include <stdio.h>
#include <sys/mman.h>
#ifndef MAP_HUGETLB
#define MAP_HUGETLB 0x40000
#endif
int main(void)
{
    int sizes[] = { 0, 21 << 26, 30 << 26, 16 << 26 };
    for (int i = 0; i < 4; i++)
        if (mmap(0, 2 << 20, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | sizes[i], -1, 0) != MAP_FAILED)
            return puts("huge"), 0;
    puts("held");
}
