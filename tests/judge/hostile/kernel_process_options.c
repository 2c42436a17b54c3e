// expect: AC AC
// Every option of prctl that a program does not need: they change what its children inherit.
#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
int main(void)
{
    int allowed[] = { 1, 2, 3, 4, 15, 16, 21, 23, 29, 30, 38, 39 };
    for (int option = 5; option < 90; option++) {
        int skip = 0;
        for (int i = 0; i < 12; i++) skip |= option == allowed[i];
        if (!skip && (prctl(option, 1L, 0L, 0L, 0L) >= 0 || errno != EPERM))
            return printf("option %d: %d\n", option, errno), 0;
    }
    if (prctl(PR_CAPBSET_READ, 0, 0, 0, 0) > 0) return puts("a capability"), 0;
    if (prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0) >= 0) return puts("new rights"), 0;
    puts("held");
}
