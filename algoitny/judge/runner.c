/* The resident runner of a box: PID 1 inside it, one request a test over a socket, in the protocol
 * of protocol.py.
 *
 * It forks, limits, starts, waits, measures, kills what is left, empties the scratch and answers.
 * It decides no verdict and knows no expected output. `group` is for SANDBOX=none, where there is
 * no PID namespace: everything that a kill of all processes would hit there is not ours.
 *
 * The same loop runs in a program of its own (runner_main.c), which starts what it is told, and in
 * an interpreter that waits at the point of reading its program (runner_prepared.c). There a test
 * is a copy of this very process: whatever it must not see, the loop must not remember.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runner.h"

#ifndef SYS_close_range         /* headers older than the call, which has one number everywhere */
#define SYS_close_range 436
#endif

#define MAX_ARGS 128
#define HARD_WALL 4             /* a starved test may wait this many times its wall limit */
#define STACK_USED 65536        /* more than the loop ever needs */

int boxed, scratch = -1;
void (*become_program)(void);
static int control;
static const char *scratch_path;

/* ---- one test ---------------------------------------------------------------------------- */

static void limit(int what, uint64_t value)
{
    struct rlimit r = { value, value };
    setrlimit(what, &r);
}

/* 0, or -1 with errno. */
static int set_up(const struct request *q, const int *streams)
{
    for (int i = 0; i < 3; i++)
        if (dup2(streams[i], i) < 0) return -1;
    if (!boxed) setsid();
    if (chdir(scratch_path)) return -1;
    limit(RLIMIT_CORE, 1); /* not 0: that would not keep a core_pattern that is a program from running */
    limit(RLIMIT_CPU, q->cpu_us / 1000000 + 2);
    limit(RLIMIT_FSIZE, q->file_size);
    limit(RLIMIT_NOFILE, q->files);
    limit(RLIMIT_STACK, q->stack);
    limit(RLIMIT_MEMLOCK, 65536);
    limit(RLIMIT_MSGQUEUE, 0);
    limit(RLIMIT_SIGPENDING, 256);
    /* The runner counts too. Without a user namespace of our own all that the user has would. */
    if (boxed && q->processes) limit(RLIMIT_NPROC, q->processes + 1);
    if (q->address_space) limit(RLIMIT_AS, q->address_space);
    return 0;
}

/* How starting a program failed; written by the child, which shares our memory until then. */
struct failure { int error, refused; /* by the kernel: all was set up for the program */ };

static void start(const struct request *q, char **argv, const int *streams,
                  volatile struct failure *failure)
{
    if (set_up(q, streams)) goto out;
    failure->refused = 1;
    for (int i = 0; i < 100; i++) { /* busy: a fork elsewhere still holds the file for writing */
        extern char **environ;
        execve(argv[0], argv, environ);
        if (errno != ETXTBSY) break;
        usleep(1000);
    }
out:
    failure->error = errno ? errno : EIO;
    _exit(127);
}

/* The copy becomes the program; what it cannot set up it tells through a pipe. */
static void go_on(const struct request *q, const int *streams, int report)
{
    if (!set_up(q, streams)
        && !prctl(PR_SET_DUMPABLE, 1) /* as after an exec: the program may look at itself */
        && !syscall(SYS_close_range, 3, ~0U, 0)) become_program();
    int error = errno ? errno : EIO;
    if (write(report, &error, sizeof error) < 0) { /* then it looks like a crash */ }
    _exit(127);
}

/* Watches the test until its first process ended; tells why it was killed. */
static int watch(struct usage *u, const struct request *q, int pidfd)
{
    int killed = KILLED_NOT;
    int64_t next = u->started + TICK_NS, wall = (int64_t)q->wall_us * 1000;
    for (;;) {
        struct pollfd p[2] = { { pidfd, POLLIN, 0 }, { control, POLLIN, 0 } };
        int64_t wait = next - now_ns();
        struct timespec t = { 0, wait > 0 ? wait : 0 };
        if (ppoll(p, 2, &t, NULL) < 0) continue;
        if (p[0].revents) return killed;
        if (p[1].revents) {
            struct request k;
            if (recv(control, &k, sizeof k, 0) <= 0) { /* the worker is gone, or has cancelled */
                if (!boxed) kill_everything(u->main); /* in a box our end is everybody's */
                _exit(0);
            }
            if (k.op == OP_KILL && k.nonce == q->nonce && !killed) killed = KILLED_ASKED;
        }
        int64_t now = now_ns();
        if (now >= next && !killed) {
            reap(u, WNOHANG); /* orphans count towards the limit of processes until then */
            if (u->main_reaped) return killed;
            sample(u, q->memory);
            next = now + (u->hasty ? HASTY_NS : TICK_NS);
            int64_t lasted = now - u->started;
            /* RLIMIT_NPROC keeps it below that, except where it counts otherwise (Linux before
             * 5.14, a user that is root elsewhere): then a bomb must not take the machine. Twice,
             * because a listing taken while processes come and go has too many. */
            if (q->processes && (uint32_t)u->seen_count > 2 * q->processes + 8)
                killed = KILLED_PROCESSES;
            else if (u->peak > q->memory) killed = KILLED_MEMORY;
            else if (u->cpu_ns > (int64_t)q->cpu_us * 1000) killed = KILLED_CPU;
            else if (lasted > wall
                     && (lasted - starved_ns() > wall || lasted > wall * HARD_WALL))
                killed = KILLED_WALL;
        } else if (now >= next) {
            next = now + TICK_NS;
        }
        if (killed) kill_everything(u->main);
    }
}

static void run(const struct request *q, char **argv, const int *streams, struct answer *a)
{
    struct usage u;
    volatile struct failure failure = { 0, 0 };
    int report[2] = { -1, -1 }, error = 0;
    pid_t pid = -1;
    memset(&u, 0, sizeof u);
    u.started = now_ns();
    u.newest = newest_process();
    if (argv[0]) {
        pid = vfork();
        if (pid == 0) start(q, argv, streams, &failure);
        error = pid < 0 ? errno : failure.error;
    } else {
        if (!pipe2(report, O_CLOEXEC | O_NONBLOCK)) pid = fork();
        if (pid == 0) go_on(q, streams, report[1]);
        if (pid < 0) error = errno;
        close(report[1]);
    }
    for (int i = 0; i < 3; i++) close(streams[i]);
    if (pid < 0) {
        close(report[0]);
        a->status = ST_FAILED;
        a->error = (uint32_t)error;
        return;
    }
    u.main = pid;
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (!error && pidfd >= 0) a->killed = (uint32_t)watch(&u, q, pidfd);
    int64_t ended = now_ns();
    if (pidfd < 0) error = errno;
    else close(pidfd);
    uint64_t left = scratch_bytes();
    end_everything(&u);
    if (left > u.peak) u.peak = left;
    if (!argv[0]) {
        if (read(report[0], &error, sizeof error) < 0) { /* nobody wrote */ }
        close(report[0]);
    }
    if (error) {
        a->status = failure.refused ? ST_NOT_STARTED : ST_FAILED;
        a->error = (uint32_t)error;
    }
    for (int i = 0; i < u.seen_count; i++) u.gone_ns += u.seen[i].ns;
    int64_t cpu = u.reaped_us * 1000;
    if (u.gone_ns > cpu) cpu = u.gone_ns;
    a->exited = WIFEXITED(u.main_status);
    a->code = (uint32_t)(a->exited ? WEXITSTATUS(u.main_status) : WTERMSIG(u.main_status));
    a->cpu_us = (uint64_t)cpu / 1000;
    a->wall_us = (uint64_t)(ended - u.started) / 1000;
    a->memory = u.peak;
    a->clean = q->keep_scratch ? 1 : (uint32_t)clean_scratch();
}

/* ---- requests ---------------------------------------------------------------------------- */

static void reply(const struct answer *a, int fd)
{
    union { struct cmsghdr header; char space[CMSG_SPACE(sizeof(int))]; } passed = { { 0 } };
    struct iovec part = { (void *)a, sizeof *a };
    struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1 };
    if (fd >= 0) {
        m.msg_control = &passed;
        m.msg_controllen = sizeof passed.space;
        passed.header.cmsg_level = SOL_SOCKET;
        passed.header.cmsg_type = SCM_RIGHTS;
        passed.header.cmsg_len = CMSG_LEN(sizeof fd);
        memcpy(CMSG_DATA(&passed.header), &fd, sizeof fd);
    }
    if (sendmsg(control, &m, MSG_NOSIGNAL) < 0) _exit(1);
}

/* Pass a file of the scratch out. The program chose its kind, the worker checks size and kind too. */
static void fetch(const struct request *q, struct answer *a)
{
    struct stat s;
    int fd = openat(scratch, q->text, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &s) || !S_ISREG(s.st_mode) || (uint64_t)s.st_size > q->file_size) {
        a->status = ST_FAILED;
        a->error = (uint32_t)(fd < 0 ? errno : S_ISREG(s.st_mode) ? EFBIG : EINVAL);
        reply(a, -1);
    } else {
        reply(a, fd);
    }
    if (fd >= 0) close(fd);
}

/* Nothing of a test stays in this memory, for the next may be a copy of it. */
static __attribute__((noinline)) void forget(void *request, size_t size)
{
    char below[STACK_USED];
    explicit_bzero(below, sizeof below);
    explicit_bzero(request, size);
}

static uint64_t own_cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void serve_one(void)
{
    static union { struct request q; char bytes[65536]; } in;
    char *argv[MAX_ARGS + 1];
    union { struct cmsghdr header; char space[CMSG_SPACE(3 * sizeof(int))]; } passed;
    struct iovec part = { in.bytes, sizeof in.bytes - 1 };
    struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1,
                        .msg_control = &passed, .msg_controllen = sizeof passed };
    int streams[3], given = 0;
    ssize_t n = recvmsg(control, &m, MSG_CMSG_CLOEXEC);
    if (n < 0 && errno == EINTR) return;
    if (n <= 0) exit(0); /* the worker closed the box, or died */
    uint64_t before = own_cpu_us();
    if (n < (ssize_t)sizeof(struct request) || m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) exit(2);
    in.bytes[n] = 0;
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    if (c && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof streams)) {
        memcpy(streams, CMSG_DATA(c), sizeof streams);
        given = 1;
    }
    struct answer a = { .nonce = in.q.nonce, .status = ST_DONE, .clean = 1 };
    if (in.q.op == OP_KILL) return; /* came after its test had ended */
    if (in.q.op == OP_FETCH) {
        fetch(&in.q, &a);
        return;
    }
    if (in.q.op == OP_EMPTY) {
        a.clean = (uint32_t)clean_scratch();
        reply(&a, -1);
        return;
    }
    if (in.q.op != OP_RUN || !given || in.q.argc > MAX_ARGS) exit(2);
    if (!in.q.argc && !become_program) exit(2);
    char *at = in.q.text, *end = in.bytes + n;
    for (uint32_t i = 0; i < in.q.argc; i++) {
        if (at >= end) exit(2);
        argv[i] = at;
        at += strlen(at) + 1;
    }
    argv[in.q.argc] = NULL;
    run(&in.q, argv, streams, &a);
    a.own_us = own_cpu_us() - before;
    reply(&a, -1);
    forget(&in, (size_t)n);
}

/* Ignored and blocked ones would be inherited, and one that is caught could be sent to PID 1. */
void default_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    /* Not signal(): the C library keeps two signals to itself, and refuses them. */
    struct { void *handler; unsigned long flags; void *restorer; uint64_t mask; } plain = { 0 };
    for (int i = 1; i < NSIG; i++)
        syscall(SYS_rt_sigaction, i, &plain, NULL, sizeof plain.mask);
}

int serve(const char *mode, const char *path, int descriptor)
{
    control = descriptor;
    boxed = !strcmp(mode, "pid1");
    if (boxed && getpid() != 1) return 3;
    prctl(PR_SET_DUMPABLE, 0); /* what runs here later must not look into this process */
    if (!boxed) prctl(PR_SET_CHILD_SUBREAPER, 1);
    default_signals();
    fcntl(control, F_SETFD, FD_CLOEXEC);
    scratch_path = path;
    if (open_scratch(path)) return 4;
    umask(022);
    clean_scratch();
    reply(&(struct answer){ .status = ST_READY, .clean = 1 }, -1);
    for (;;) serve_one();
}
