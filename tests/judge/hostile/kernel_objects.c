// expect: AC AC
// Takes as many of the kernel's small objects as it can: all are bounded by its open files.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>
static int epoll(void) { return epoll_create1(0); }
static int event(void) { return eventfd(0, 0); }
static int timer(void) { return timerfd_create(CLOCK_MONOTONIC, 0); }
static int signals(void) { sigset_t all; sigfillset(&all); return signalfd(-1, &all, 0); }
static int process(void) { return (int)syscall(SYS_pidfd_open, getpid(), 0); }
static int file(void) { return open("/tmp", O_TMPFILE | O_RDWR, 0600); }
int main(void)
{
    int (*makers[])(void) = { epoll, event, timer, signals, process, file };
    for (int i = 0; i < 6; i++) {
        int count = 0;
        while (count < 10000 && makers[i]() >= 0) count++;
        if (count > 64) return printf("%d of kind %d\n", count, i), 0;
        for (int fd = 3; fd < 64; fd++) close(fd);
    }
    // A tree of epolls that watch each other costs the kernel time, not us.
    int last = epoll_create1(0);
    for (int i = 0; i < 40; i++) {
        int above = epoll_create1(0);
        struct epoll_event e = { .events = EPOLLIN };
        if (above < 0 || epoll_ctl(above, EPOLL_CTL_ADD, last, &e)) break;
        last = above;
    }
    puts("held");
}
