// expect: AC
// Counts events of itself, of the runner, and of the whole machine.
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
    for (int type = 0; type < 6; type++)
        for (int pid = -1; pid < 2; pid++) {
            struct perf_event_attr a;
            memset(&a, 0, sizeof a);
            a.type = type;
            a.size = sizeof a;
            a.exclude_kernel = a.exclude_hv = 1;
            if (syscall(SYS_perf_event_open, &a, pid, pid < 0 ? 0 : -1, -1, 0) >= 0)
                return printf("an event of %d\n", pid), 0;
        }
    puts("held");
}
