// expect: AC AC
// Queues signals in the kernel until it has no more room, for itself and for the runner.
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
int main(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, 0);
    long signals = 0, timers = 0, runners = 0;
    union sigval value = { .sival_int = 1 };
    timer_t timer;
    while (signals < 100000 && !sigqueue(getpid(), SIGRTMIN + 1, value)) signals++;
    while (runners < 100000 && !sigqueue(1, SIGRTMIN + 1, value)) runners++;
    sigset_t rest;
    struct timespec none = { 0, 0 };
    sigfillset(&rest);
    while (sigtimedwait(&rest, 0, &none) > 0) {}
    while (timers < 100000 && !timer_create(CLOCK_MONOTONIC, 0, &timer)) timers++;
    if (signals > 0 && signals < 1000 && timers > 0 && timers < 1000) puts("held");
    else printf("%ld signals, %ld timers, %ld for the runner\n", signals, timers, runners);
}
