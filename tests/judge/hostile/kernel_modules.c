// expect: AC
// Puts code into the kernel, or another kernel in its place.
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    int own = open("/proc/self/exe", O_RDONLY);
    TRY(syscall(SYS_init_module, "nothing", 7, ""));
    TRY(syscall(SYS_finit_module, own, "", 3));
    TRY(syscall(SYS_delete_module, "none_such_module", O_NONBLOCK));
    TRY(syscall(SYS_kexec_load, 0, 0, 0, 1));
    TRY(syscall(SYS_kexec_file_load, own, own, 0, "", 4));
    puts("held");
}
