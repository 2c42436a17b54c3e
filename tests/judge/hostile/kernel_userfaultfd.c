// expect: AC
// Holds the kernel up in the middle of a copy: the usual first step of an exploit.
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    TRY(syscall(SYS_userfaultfd, 0));
    TRY(syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | 1)); /* UFFD_USER_MODE_ONLY */
    TRY(open("/dev/userfaultfd", O_RDWR));
    TRY(open("/dev/fuse", O_RDWR));
    puts("held");
}
