// expect: AC
// All numbers beyond those that are allowed, so also calls that are not invented yet.
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
    int wrong = 0;
    for (long nr = 457; nr < 3000; nr++)
        if (syscall(nr, 0, 0, 0, 0, 0, 0) >= 0 || errno != EPERM) wrong = printf("call %ld: %d\n", nr, errno);
    long negative[] = { -1, -2, -4096, 0x7fffffff, 0x80000000, 0xffffffffffffffff, 0x100000027 };
    for (int i = 0; i < 7; i++)
        if ((int)negative[i] != 39 && (syscall(negative[i], 0) >= 0 || (errno != EPERM && errno != ENOSYS)))
            wrong = printf("call %lx: %d\n", negative[i], errno);
    if (!wrong) puts("held");
}
