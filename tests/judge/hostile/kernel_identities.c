// expect: AC
// Becomes somebody else, or takes a right that it does not have.
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct all[2] = { { ~0U, ~0U, ~0U }, { ~0U, ~0U, ~0U } };
    gid_t groups[] = { 0, 4, 6, 42 };
    TRY(setuid(0));
    TRY(setgid(0));
    TRY(seteuid(0));
    TRY(setreuid(0, 0));
    TRY(setresuid(getuid(), getuid(), getuid()));
    TRY(setresgid(0, 0, 0));
    TRY(setgroups(4, groups));
    TRY(syscall(SYS_capset, &head, all));
    TRY(chown("/box", 0, 0));
    TRY(chown("/tmp", 0, 0));
    setfsuid(0);
    if (open("/etc/shadow", O_RDONLY) >= 0 || getuid() != geteuid()) return puts("another"), 0;
    puts("held");
}
