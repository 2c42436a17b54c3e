// expect: AC
// What only an administrator may: quotas, swap, accounting, the clock, the name, a reboot.
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/quota.h>
#include <sys/reboot.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    struct timeval now;
    struct timespec moment;
    struct timex slower = { .modes = ADJ_TICK, .tick = 10000 }, look = { 0 };
    char quota[256];
    gettimeofday(&now, 0);
    clock_gettime(CLOCK_REALTIME, &moment);
    TRY(quotactl(QCMD(Q_GETQUOTA, USRQUOTA), "/dev/vda", (int)getuid(), quota));
    TRY(quotactl(QCMD(Q_SYNC, USRQUOTA), 0, 0, 0));
    TRY(syscall(443, 0, QCMD(Q_SYNC, USRQUOTA), 0, 0));
    TRY(swapon("/tmp/none", 0));
    TRY(swapoff("/tmp/none"));
    TRY(acct("/tmp/none"));
    TRY(settimeofday(&now, 0));
    TRY(clock_settime(CLOCK_REALTIME, &moment));
    TRY(adjtimex(&slower));
    TRY(clock_adjtime(CLOCK_REALTIME, &look));
    TRY(sethostname("held", 4));
    TRY(setdomainname("held", 4));
    TRY(syscall(SYS_reboot, 0xfee1dead, 672274793, RB_DISABLE_CAD, 0));
    TRY(syscall(SYS_syslog, 10, 0, 0)); /* SYSLOG_ACTION_SIZE_BUFFER */
    TRY(syscall(SYS_vhangup));
    puts("held");
}
