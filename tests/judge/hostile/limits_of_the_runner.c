// expect: AC AC
// Lowers the limits and priority of the runner, which all later tests would inherit.
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
    struct rlimit none = { 0, 0 }, all = { RLIM_INFINITY, RLIM_INFINITY };
    struct sched_param p = { 0 };
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    for (int r = 0; r < 16; r++)
        if (!prlimit(1, r, &none, 0) || !prlimit(getppid(), r, 0, &all)) return puts("prlimit"), 0;
    if (!setpriority(PRIO_PROCESS, 1, 19) || !setpriority(PRIO_USER, 0, 19)) return puts("nice"), 0;
    if (!sched_setaffinity(1, sizeof one, &one)) return puts("affinity"), 0;
    if (!sched_setscheduler(1, SCHED_IDLE, &p)) return puts("scheduler"), 0;
    if (!syscall(SYS_ioprio_set, 2, getuid(), 3 << 13)) return puts("ioprio"), 0;
    for (int r = 0; r < 16; r++)
        if (r != RLIMIT_NICE && r != RLIMIT_RTPRIO && r != RLIMIT_RTTIME && r != RLIMIT_LOCKS
            && r != RLIMIT_RSS && r != RLIMIT_DATA && !setrlimit(r, &all))
            return printf("raised %d\n", r), 0;
    puts("held");
}
