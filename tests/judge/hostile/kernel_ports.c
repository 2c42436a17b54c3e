// expect: AC
// The ports of the machine, and segments of its own.
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
#ifdef __x86_64__
    char table[64] = { 0 };
    TRY(syscall(SYS_iopl, 3));
    TRY(syscall(SYS_ioperm, 0x80, 1, 1));
    TRY(syscall(SYS_modify_ldt, 0, table, sizeof table));
    TRY(syscall(SYS_modify_ldt, 1, table, 16));
#endif
    puts("held");
}
