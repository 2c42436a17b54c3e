// expect: AC
// Makes namespaces, in which it would have rights.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
    int flags[] = { CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC,
                    CLONE_NEWUTS, CLONE_NEWCGROUP, 0x80 };
    for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (!unshare(flags[i])) return printf("unshare %x\n", flags[i]), 0;
        if (i == 7) break;
        pid_t pid = syscall(SYS_clone, flags[i] | SIGCHLD, 0, 0, 0, 0);
        if (!pid) _exit(0);
        if (pid > 0) return printf("clone %x\n", flags[i]), 0;
    }
    uint64_t args[11] = { CLONE_NEWUSER, 0, 0, 0, SIGCHLD };
    if (syscall(435, args, sizeof args) >= 0) return puts("clone3"), 0;
    if (!setns(open("/proc/1/ns/net", O_RDONLY), 0)) return puts("setns"), 0;
    puts("held");
}
