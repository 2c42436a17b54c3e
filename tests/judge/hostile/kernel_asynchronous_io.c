// expect: AC
// io_uring does what a filter of system calls never sees; aio is its elder.
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    unsigned parameters[30];
    unsigned long context = 0;
    memset(parameters, 0, sizeof parameters);
    for (int flags = 0; flags < 16; flags++) {
        parameters[2] = (unsigned)1 << flags;
        TRY(syscall(425, 8, parameters));
    }
    for (int fd = 0; fd < 64; fd++) {
        TRY(syscall(426, fd, 1, 0, 0, 0, 0));
        TRY(syscall(427, fd, 9, 0, 0)); /* IORING_REGISTER_PERSONALITY */
    }
    TRY(syscall(SYS_io_setup, 8, &context));
    TRY(syscall(SYS_io_destroy, 0));
    puts("held");
}
