// expect: AC AC
// given: {nice}
// Comes before all others on the machine, or lets the next test come after them.
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    struct sched_param low = { 0 }, high = { 1 };
    unsigned attributes[14] = { 56, SCHED_BATCH };
    cpu_set_t one;
    int usual;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    if (scanf("%d", &usual) != 1 || getpriority(PRIO_PROCESS, 0) != usual
        || sched_getscheduler(0) != SCHED_OTHER) return puts("left so"), 0;
    TRY(nice(5));
    TRY(setpriority(PRIO_PGRP, 0, 5));
    for (int policy = 0; policy < 7; policy++) {
        TRY(sched_setscheduler(0, policy, &low));
        TRY(sched_setscheduler(0, policy | SCHED_RESET_ON_FORK, &high));
    }
    TRY(sched_setparam(0, &low));
    TRY(syscall(SYS_sched_setattr, 0, attributes, 0));
    TRY(sched_setaffinity(0, sizeof one, &one));
    TRY(syscall(SYS_ioprio_set, 1, 0, 3 << 13));
    TRY(syscall(SYS_set_mempolicy, 0, 0, 0));
    TRY(open("/proc/self/autogroup", O_WRONLY));
    TRY(open("/proc/self/timerslack_ns", O_WRONLY));
    TRY(open("/proc/1/timerslack_ns", O_WRONLY));
    puts("held");
}
