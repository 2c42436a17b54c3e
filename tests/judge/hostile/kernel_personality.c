// expect: AC AC
// Without random addresses, or with read meaning execute, a program is easier prey.
#include <stdio.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
    unsigned flags[] = { ADDR_NO_RANDOMIZE, READ_IMPLIES_EXEC, ADDR_COMPAT_LAYOUT, MMAP_PAGE_ZERO, 8, 0xffffffff };
    for (int i = 0; i < 6; i++)
        if (personality(flags[i]) >= 0) return printf("personality %x\n", flags[i]), 0;
    char text[64] = "";
    FILE *f = fopen("/proc/self/personality", "r");
    if (f && fgets(text, sizeof text, f) && text[0] != '0') return puts(text), 0;
    puts("held");
}
