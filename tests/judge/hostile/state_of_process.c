// expect: AC AC AC
// given: {nice}
// Looks for anything that a process inherits and a test before may have changed; then changes it all.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#define SAME(value, wanted) if ((value) != (wanted)) return printf(#value " is %ld\n", (long)(value)), 0
int main(void)
{
    sigset_t set;
    struct itimerval timer;
    struct rlimit r;
    char name[16], place[64];
    int value, usual;
    if (scanf("%d", &usual) != 1) return 1;
    SAME(umask(077), 022);
    sigprocmask(SIG_BLOCK, 0, &set);
    for (int s = 1; s < 65; s++) {
        struct sigaction a;
        SAME(sigismember(&set, s), 0);
        if (!sigaction(s, 0, &a)) SAME(a.sa_handler, SIG_DFL);
    }
    sigpending(&set);
    for (int s = 1; s < 65; s++) SAME(sigismember(&set, s), 0);
    for (int which = 0; which < 3; which++) {
        getitimer(which, &timer);
        SAME(timer.it_value.tv_usec + timer.it_value.tv_sec, 0);
    }
    SAME(alarm(1000), 0);
    SAME(getpriority(PRIO_PROCESS, 0), usual);
    prctl(PR_GET_PDEATHSIG, &value);
    SAME(value, 0);
    SAME(prctl(PR_GET_DUMPABLE), 1);
    SAME(prctl(PR_GET_TIMERSLACK), 50000);
    prctl(PR_GET_NAME, name);
    if (strcmp(name, "program")) return puts(name), 0;
    getcwd(place, sizeof place);
    if (strcmp(place, "/tmp")) return puts(place), 0;
    getrlimit(RLIMIT_NOFILE, &r);
    SAME(r.rlim_cur, 64);
    getrlimit(RLIMIT_NPROC, &r);
    SAME(r.rlim_cur, 33);
    for (int fd = 0; fd < 3; fd++) SAME(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
    SAME(fcntl(3, F_GETFD), -1);
    puts("held");
    fflush(stdout);

    for (int what = 0; what < 16; what++) setrlimit(what, &(struct rlimit){ 1 << 20, 1 << 20 });
    sigfillset(&set);
    sigprocmask(SIG_BLOCK, &set, 0);
    for (int s = 1; s < 65; s++) {
        if (s == SIGKILL || s == SIGSTOP || s == 32 || s == 33) continue;
        signal(s, SIG_IGN);
        sigqueue(getpid(), s, (union sigval){ 1 });
    }
    timer.it_value.tv_sec = timer.it_interval.tv_sec = 1;
    for (int which = 0; which < 3; which++) setitimer(which, &timer, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_TIMERSLACK, 1);
    prctl(PR_SET_NAME, "left");
    for (int fd = 0; fd < 3; fd++) fcntl(fd, F_SETFL, O_NONBLOCK);
    mkdir("/tmp/gone", 0700);
    chdir("/tmp/gone");
    rmdir("/tmp/gone");
}
