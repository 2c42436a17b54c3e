// expect: AC AC
// Pins pages so that the machine cannot get them back.
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    static char large[8 << 20];
    struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
    TRY(mlock(large, sizeof large));
    TRY(syscall(SYS_mlock2, large, sizeof large, 1));
    TRY(setrlimit(RLIMIT_MEMLOCK, &all));
    if (mmap(0, sizeof large, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0) != MAP_FAILED)
        return puts("mapped and locked"), 0;
    puts("held");
}
