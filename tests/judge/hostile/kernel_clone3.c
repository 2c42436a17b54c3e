// expect: AC
// Flags of clone3 lie behind a pointer, where no filter can look: it must not be there at all.
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    uint64_t flags[] = { 0, CLONE_NEWUSER, CLONE_NEWNS | CLONE_NEWUSER, 0x80, 0x200000000, CLONE_PARENT };
    for (unsigned i = 0; i < sizeof flags / sizeof *flags; i++) {
        uint64_t args[11] = { flags[i], 0, 0, 0, flags[i] == CLONE_PARENT ? 0 : SIGCHLD };
        long pid = syscall(435, args, sizeof args);
        if (pid == 0) _exit(0);
        if (pid > 0 || errno != ENOSYS) return printf("flags %lx\n", (long)flags[i]), 0;
    }
    // What the C library does instead still works.
    pid_t pid = fork();
    if (pid == 0) _exit(7);
    int status;
    if (waitpid(pid, &status, 0) != pid || WEXITSTATUS(status) != 7) return puts("no fork"), 0;
    puts("held");
}
