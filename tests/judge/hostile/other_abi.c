// expect: AC
// The same kernel by its other numbers for 64 bits, which a filter may have forgotten.
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/syscall.h>
int main(void)
{
    for (long nr = 0; nr < 600; nr++)
        if (nr != SYS_exit && nr != SYS_exit_group
            && (syscall(0x40000000 | nr, 0, 0, 0) >= 0 || errno != ENOSYS))
            return printf("%ld\n", nr), 0;
    puts("held");
}
