// expect: AC
// Reads and steals from another process: its memory, its descriptors, its kernel objects, its limits.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    char here[64];
    struct rlimit old, new = { 1, 1 };
    pid_t child = fork();
    if (!child) { pause(); _exit(0); }
    pid_t pids[] = { 1, getppid(), child };
    for (int i = 0; i < 3; i++) {
        pid_t pid = pids[i];
        struct iovec ours = { here, sizeof here }, theirs = { (void *)main, sizeof here };
        int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
        if (pid == 0) continue;
        TRY(process_vm_readv(pid, &ours, 1, &theirs, 1, 0));
        TRY(process_vm_writev(pid, &ours, 1, &theirs, 1, 0));
        for (int fd = 0; fd < 8; fd++) TRY(syscall(438, pidfd, fd, 0));         /* pidfd_getfd */
        for (int type = 0; type < 8; type++)
            if (pid == 1 || type != 1) TRY(syscall(SYS_kcmp, pid, pid, type, 0, 0)); /* 1: the runner's own */
        TRY(syscall(440, pidfd, &ours, 1, 4, 0));                               /* process_madvise */
        TRY(syscall(448, pidfd, 0));                                            /* process_mrelease */
        TRY(syscall(SYS_move_pages, pid, 0, 0, 0, 0, 0));
        TRY(syscall(SYS_migrate_pages, pid, 8, 0, 0));
        for (int r = 0; r < 16; r++) {
            TRY(prlimit(pid, r, 0, &old));
            TRY(prlimit(pid, r, &new, 0));
        }
    }
    puts("held");
}
