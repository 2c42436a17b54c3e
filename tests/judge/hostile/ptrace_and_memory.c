// expect: AC
// Traces, reads and writes other processes.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    char byte;
    struct iovec here = { &byte, 1 }, there = { (void *)main, 1 };
    pid_t child = fork();
    if (!child) { pause(); _exit(0); }
    for (int i = 0; i < 2; i++) {
        pid_t pid = i ? child : 1;
        if (ptrace(PTRACE_ATTACH, pid, 0, 0) >= 0) return puts("attached"), 0;
        if (ptrace(PTRACE_SEIZE, pid, 0, 0) >= 0) return puts("seized"), 0;
        if (process_vm_readv(pid, &here, 1, &there, 1, 0) >= 0) return puts("read"), 0;
        if (process_vm_writev(pid, &here, 1, &there, 1, 0) >= 0) return puts("written"), 0;
        if (syscall(438, syscall(434, pid, 0), 0, 0) >= 0) return puts("took a descriptor"), 0;
    }
    if (ptrace(PTRACE_TRACEME, 0, 0, 0) >= 0) return puts("traceme"), 0;
    if (open("/proc/1/mem", O_RDWR) >= 0) return puts("mem"), 0;
    puts("held");
}
