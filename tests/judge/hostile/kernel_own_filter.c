// expect: AC AC
// A filter of its own, or one whose calls it decides itself, and rules for files.
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    struct sock_filter pass[] = { { 0x06, 0, 0, 0x7fff0000 } };
    struct sock_fprog program = { 1, pass };
    unsigned long rules[3] = { 1 };
    TRY(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program));
    TRY(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 8, &program)); /* a listener */
    TRY(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0));
    TRY(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0));
    TRY(syscall(444, rules, sizeof rules, 0)); /* landlock_create_ruleset */
    TRY(syscall(446, 0, 0));
    puts("held");
}
