// expect: AC
// Enters the namespaces of the runner, or makes a user in which it may do everything.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    const char *names[] = { "user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time", "time_for_children" };
    char path[64];
    for (int i = 0; i < 9; i++)
        for (int pid = 0; pid < 2; pid++) {
            snprintf(path, sizeof path, pid ? "/proc/1/ns/%s" : "/proc/self/ns/%s", names[i]);
            int fd = open(path, O_RDONLY);
            if (pid && fd >= 0) return puts(path), 0;
            TRY(setns(fd, 0));
        }
    int pidfd = (int)syscall(SYS_pidfd_open, 1, 0);
    TRY(setns(pidfd, CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET));
    TRY(unshare(CLONE_NEWUSER | CLONE_NEWNS));
    TRY(unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWPID));
    TRY(open("/proc/self/uid_map", O_WRONLY));
    TRY(open("/proc/self/setgroups", O_WRONLY));
    TRY(syscall(SYS_clone, CLONE_NEWUSER | CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0));
    puts("held");
}
