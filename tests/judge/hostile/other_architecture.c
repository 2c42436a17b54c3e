// expect: RTE
// The same kernel by its numbers for 32 bits.
#include <stdio.h>
int main(void)
{
#ifdef __x86_64__
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory");
    printf("%ld\n", result);
    return 0;
#else
    return 1;
#endif
}
