/* The resident runner of a box: PID 1 inside it, one request a test over a socket.
 *
 *   runner serve  pid1|group SCRATCH CONTROL   speaks the protocol of protocol.py on descriptor CONTROL
 *   runner launch UID GID PROGRAM ARG...       gives up root, prefers to be killed when memory runs
 *                                              out, and becomes PROGRAM
 *
 * It forks, limits, execs, waits, measures, kills what is left, empties the scratch and answers.
 * It decides no verdict and knows no expected output. `group` is for SANDBOX=none, where there is
 * no PID namespace: everything that a kill of all processes would hit there is not ours.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TICK_NS 10000000LL      /* how often a running test is looked at */
#define CLEAN_ENTRIES 2000      /* more than this, or longer than CLEAN_NS: the box is thrown away */
#define CLEAN_NS 50000000LL
#define INODE_BYTES 1024        /* what an empty file costs the kernel, about */
#define MAX_SEEN 512            /* processes of one test that samples are kept of */
#define MAX_ARGS 128
#define HARD_WALL 4             /* a starved test may wait this many times its wall limit */

enum { OP_RUN = 1, OP_KILL = 2, OP_FETCH = 3 };
enum { ST_DONE = 0, ST_FAILED = 1, ST_READY = 2 };
enum { KILLED_NOT = 0, KILLED_CPU = 1, KILLED_WALL = 2, KILLED_MEMORY = 3, KILLED_ASKED = 4 };

struct request {
    uint64_t nonce;
    uint32_t op, argc;
    uint64_t cpu_us, wall_us, memory, address_space, stack, file_size;
    uint32_t processes, files, keep_scratch, reserved;
    char text[]; /* OP_RUN: argc strings; OP_FETCH: a file name of the scratch */
};

struct answer {
    uint64_t nonce;
    uint32_t status, error, exited, code, killed, clean;
    uint64_t cpu_us, wall_us, memory;
};

static int boxed, control, scratch = -1;
static uint64_t page_size, idle_inodes;
static const char *scratch_path;

/* ---- time and files ---------------------------------------------------------------------- */

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* CPU time of a whole process, in ns, exact where /proc has only hundredths; -1: it is gone. */
static int64_t process_cpu_ns(pid_t pid)
{
    struct timespec t;
    clockid_t id = (~(clockid_t)pid << 3) | 2;
    return clock_gettime(id, &t) ? -1 : t.tv_sec * 1000000000LL + t.tv_nsec;
}

static ssize_t read_proc(pid_t pid, const char *name, char *buffer, size_t size)
{
    char path[64];
    if (pid) snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    else snprintf(path, sizeof path, "/proc/%s", name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t n = read(fd, buffer, size - 1);
    close(fd);
    buffer[n > 0 ? n : 0] = 0;
    return n;
}

static uint64_t scratch_bytes(void)
{
    struct statfs s;
    if (!boxed || fstatfs(scratch, &s)) return 0;
    uint64_t inodes = s.f_files - s.f_ffree;
    return (s.f_blocks - s.f_bfree) * (uint64_t)s.f_bsize
           + (inodes > idle_inodes ? inodes - idle_inodes : 0) * INODE_BYTES;
}

/* ---- what a test uses -------------------------------------------------------------------- */

struct usage {
    pid_t main;
    int main_reaped, main_status;
    int64_t started, reaped_us; /* CPU time that wait4 told of */
    int64_t gone_ns;            /* last samples of processes that are not there any more */
    int64_t cpu_ns;             /* best estimate until now */
    uint64_t peak;              /* bytes */
    int seen_count;
    struct { pid_t pid; int64_t ns; } seen[MAX_SEEN];
};

static void account(struct usage *u, pid_t pid, int status, const struct rusage *r)
{
    u->reaped_us += (r->ru_utime.tv_sec + r->ru_stime.tv_sec) * 1000000LL
                    + r->ru_utime.tv_usec + r->ru_stime.tv_usec;
    if ((uint64_t)r->ru_maxrss * 1024 > u->peak) u->peak = (uint64_t)r->ru_maxrss * 1024;
    if (pid == u->main) {
        u->main_reaped = 1;
        u->main_status = status;
    }
}

static void reap(struct usage *u, int flags)
{
    struct rusage r;
    int status;
    pid_t pid;
    while ((pid = wait4(-1, &status, flags, &r)) > 0 || (pid < 0 && errno == EINTR))
        if (pid > 0) account(u, pid, status, &r);
}

/* Processes of the test: in a box all but ourselves, else our descendants. */
static int list_processes(pid_t *out, int max)
{
    int n = 0;
    if (boxed) {
        DIR *d = opendir("/proc");
        for (struct dirent *e; d && n < max && (e = readdir(d));) {
            int pid = atoi(e->d_name);
            if (pid > 1) out[n++] = pid;
        }
        if (d) closedir(d);
        return n;
    }
    for (int i = -1; i < n && n < max; i++) {
        char name[64], text[8192], *at = text;
        pid_t parent = i < 0 ? getpid() : out[i];
        snprintf(name, sizeof name, "task/%d/children", (int)parent);
        if (read_proc(parent, name, text, sizeof text) <= 0) continue;
        for (long pid; n < max && (pid = strtol(at, &at, 10)) > 0;) out[n++] = (pid_t)pid;
    }
    return n;
}

/* Proportional set size: pages that several processes share are counted once. */
static uint64_t shared_size(pid_t pid, uint64_t otherwise)
{
    char text[2048], *at;
    if (read_proc(pid, "smaps_rollup", text, sizeof text) <= 0) return otherwise;
    at = strstr(text, "\nPss:");
    return at ? strtoull(at + 5, NULL, 10) * 1024 : otherwise;
}

/* Only the first process and no thread was ever started: then one file tells everything. */
static int is_alone(pid_t main)
{
    char text[128], *last;
    if (!boxed || read_proc(0, "loadavg", text, sizeof text) <= 0) return 0;
    last = strrchr(text, ' ');
    return last && atoi(last) == main;
}

static void sample_tree(struct usage *u, uint64_t limit)
{
    static pid_t pids[MAX_SEEN];
    static uint64_t resident[MAX_SEEN];
    static long ticks;
    int64_t own = 0, children = 0;
    uint64_t total = 0;
    int count = list_processes(pids, MAX_SEEN);
    if (!ticks) ticks = sysconf(_SC_CLK_TCK);

    for (int i = 0; i < u->seen_count; i++) {
        int still = 0;
        for (int j = 0; j < count && !still; j++) still = pids[j] == u->seen[i].pid;
        if (!still) u->gone_ns += u->seen[i].ns;
    }
    u->seen_count = 0;
    for (int i = 0; i < count; i++) {
        char text[1024], *at;
        unsigned long long cutime = 0, cstime = 0, pages = 0;
        int64_t ns = process_cpu_ns(pids[i]);
        if (ns < 0) ns = 0;
        resident[i] = 0;
        if (read_proc(pids[i], "stat", text, sizeof text) > 0 && (at = strrchr(text, ')'))
            && sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %llu %llu"
                      " %*d %*d %*d %*d %*u %*u %llu", &cutime, &cstime, &pages) == 3) {
            resident[i] = pages * page_size;
            children += (int64_t)(cutime + cstime) * (1000000000LL / ticks);
        }
        own += ns;
        total += resident[i];
        u->seen[u->seen_count].pid = pids[i];
        u->seen[u->seen_count++].ns = ns;
    }
    if (count > 1 && total + scratch_bytes() > limit) {
        total = 0;
        for (int i = 0; i < count; i++) total += shared_size(pids[i], resident[i]);
    }
    total += scratch_bytes();
    if (total > u->peak) u->peak = total;
    /* Two lower bounds: times that parents collected, and times that were seen (a program that
     * ignores SIGCHLD hides its children from the first). */
    int64_t collected = u->reaped_us * 1000 + own + children, witnessed = u->gone_ns + own;
    if (collected > u->cpu_ns) u->cpu_ns = collected;
    if (witnessed > u->cpu_ns) u->cpu_ns = witnessed;
}

static void sample(struct usage *u, uint64_t limit)
{
    char text[128], *at;
    if (!is_alone(u->main)) {
        sample_tree(u, limit);
        return;
    }
    int64_t ns = process_cpu_ns(u->main);
    if (ns > u->cpu_ns) u->cpu_ns = ns;
    if (read_proc(u->main, "statm", text, sizeof text) > 0 && (at = strchr(text, ' '))) {
        uint64_t total = strtoull(at, NULL, 10) * page_size + scratch_bytes();
        if (total > u->peak) u->peak = total;
    }
}

/* How long the first process was ready to run without getting a processor, in ns. */
static int64_t starved_ns(pid_t pid)
{
    char text[128], *at;
    if (read_proc(pid, "schedstat", text, sizeof text) <= 0 || !(at = strchr(text, ' '))) return 0;
    return strtoll(at, NULL, 10);
}

/* ---- ending a test ----------------------------------------------------------------------- */

static void kill_everything(pid_t main)
{
    static pid_t pids[MAX_SEEN];
    if (boxed) {
        kill(-1, SIGKILL);
        return;
    }
    if (main > 1) kill(-main, SIGKILL);
    int count = list_processes(pids, MAX_SEEN);
    for (int i = 0; i < count; i++) kill(pids[i], SIGKILL);
}

static void end_everything(struct usage *u)
{
    reap(u, WNOHANG);
    for (;;) {
        kill_everything(u->main);
        int status;
        struct rusage r;
        pid_t pid = wait4(-1, &status, 0, &r);
        if (pid > 0) account(u, pid, status, &r);
        else if (errno == ECHILD) return;
    }
}

/* Empty the scratch without recursion: a folder's folders are moved up before it is removed.
 * 1: as new; 0: too much was there, or something resists. */
static int empty_scratch(void)
{
    int64_t until = now_ns() + CLEAN_NS;
    int budget = CLEAN_ENTRIES, found = 1, number = 0;
    while (found) {
        found = 0;
        int top = openat(scratch, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *d = top < 0 ? NULL : fdopendir(top);
        if (!d) return 0;
        for (struct dirent *e; (e = readdir(d));) {
            if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
            if (--budget < 0 || now_ns() > until) break;
            found = 1;
            if (!unlinkat(scratch, e->d_name, 0)) continue;
            fchmodat(scratch, e->d_name, 0700, 0); /* a folder: links were unlinked above */
            if (!unlinkat(scratch, e->d_name, AT_REMOVEDIR)) continue;
            int sub = openat(scratch, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            DIR *s = sub < 0 ? NULL : fdopendir(sub);
            for (struct dirent *f; s && (f = readdir(s));) {
                char fresh[64];
                if (!strcmp(f->d_name, ".") || !strcmp(f->d_name, "..")) continue;
                if (--budget < 0 || now_ns() > until) break;
                if (!unlinkat(sub, f->d_name, 0)) continue;
                fchmodat(sub, f->d_name, 0700, 0);
                snprintf(fresh, sizeof fresh, ".%d-%lld", number++, (long long)until);
                renameat(sub, f->d_name, scratch, fresh);
            }
            if (s) closedir(s);
        }
        closedir(d);
        if (budget < 0 || now_ns() > until) return 0;
    }
    return 1;
}

static int clean_scratch(void)
{
    static const struct timespec epoch[2];
    struct stat s;
    uint64_t used = scratch_bytes();
    if ((used || !boxed) && !empty_scratch()) return 0;
    /* Mode and times of the folder itself would carry a message to the next test. */
    if (fchmod(scratch, 0700) || futimens(scratch, epoch) || fstat(scratch, &s)) return 0;
    return scratch_bytes() == 0;
}

/* ---- one test ---------------------------------------------------------------------------- */

static void limit(int what, uint64_t value)
{
    struct rlimit r = { value, value };
    setrlimit(what, &r);
}

static void child(const struct request *q, char **argv, const int *streams, volatile int *error)
{
    for (int i = 0; i < 3; i++)
        if (dup2(streams[i], i) < 0) goto out;
    if (!boxed) setsid();
    if (chdir(scratch_path)) goto out;
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, q->cpu_us / 1000000 + 2);
    limit(RLIMIT_FSIZE, q->file_size);
    limit(RLIMIT_NOFILE, q->files);
    limit(RLIMIT_STACK, q->stack);
    limit(RLIMIT_MEMLOCK, 65536);
    limit(RLIMIT_MSGQUEUE, 0);
    limit(RLIMIT_SIGPENDING, 256);
    if (q->processes) limit(RLIMIT_NPROC, q->processes + 1); /* the runner counts too */
    if (q->address_space) limit(RLIMIT_AS, q->address_space);
    for (int i = 0; i < 100; i++) { /* busy: a fork elsewhere still holds the file for writing */
        extern char **environ;
        execve(argv[0], argv, environ);
        if (errno != ETXTBSY) break;
        usleep(1000);
    }
out:
    *error = errno ? errno : EIO;
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
            if (recv(control, &k, sizeof k, 0) <= 0) _exit(0); /* the worker is gone */
            if (k.op == OP_KILL && k.nonce == q->nonce && !killed) killed = KILLED_ASKED;
        }
        int64_t now = now_ns();
        if (now >= next && !killed) {
            next = now + TICK_NS;
            reap(u, WNOHANG); /* orphans count towards the limit of processes until then */
            if (u->main_reaped) return killed;
            sample(u, q->memory);
            int64_t lasted = now - u->started;
            if (u->peak > q->memory) killed = KILLED_MEMORY;
            else if (u->cpu_ns > (int64_t)q->cpu_us * 1000) killed = KILLED_CPU;
            else if (lasted > wall
                     && (lasted - starved_ns(u->main) > wall || lasted > wall * HARD_WALL))
                killed = KILLED_WALL;
        } else if (now >= next) {
            next = now + TICK_NS;
        }
        if (killed) kill_everything(u->main);
    }
}

static void run(const struct request *q, char **argv, const int *streams, struct answer *a)
{
    static struct usage u;
    volatile int error = 0;
    memset(&u, 0, sizeof u);
    u.started = now_ns();
    pid_t pid = vfork();
    if (pid == 0) child(q, argv, streams, &error);
    for (int i = 0; i < 3; i++) close(streams[i]);
    if (pid < 0) {
        a->status = ST_FAILED;
        a->error = errno;
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
    if (error) {
        a->status = ST_FAILED;
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

static void serve_one(void)
{
    static union { struct request q; char bytes[65536]; } in;
    static char *argv[MAX_ARGS + 1];
    union { struct cmsghdr header; char space[CMSG_SPACE(3 * sizeof(int))]; } passed;
    struct iovec part = { in.bytes, sizeof in.bytes - 1 };
    struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1,
                        .msg_control = &passed, .msg_controllen = sizeof passed };
    int streams[3], given = 0;
    ssize_t n = recvmsg(control, &m, MSG_CMSG_CLOEXEC);
    if (n < 0 && errno == EINTR) return;
    if (n <= 0) exit(0); /* the worker closed the box, or died */
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
    if (in.q.op != OP_RUN || !given || in.q.argc < 1 || in.q.argc > MAX_ARGS) exit(2);
    char *at = in.q.text, *end = in.bytes + n;
    for (uint32_t i = 0; i < in.q.argc; i++) {
        if (at >= end) exit(2);
        argv[i] = at;
        at += strlen(at) + 1;
    }
    argv[in.q.argc] = NULL;
    run(&in.q, argv, streams, &a);
    reply(&a, -1);
}

static int serve(const char *mode, const char *path, int descriptor)
{
    struct statfs s;
    control = descriptor;
    boxed = !strcmp(mode, "pid1");
    if (boxed && getpid() != 1) return 3;
    prctl(PR_SET_DUMPABLE, 0); /* what runs here later must not look into this process */
    if (!boxed) prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int i = 1; i < NSIG; i++) signal(i, SIG_DFL); /* ignored ones would be inherited */
    fcntl(control, F_SETFD, FD_CLOEXEC);
    scratch_path = path;
    scratch = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (scratch < 0 || fstatfs(scratch, &s)) return 4;
    idle_inodes = s.f_files - s.f_ffree;
    page_size = (uint64_t)sysconf(_SC_PAGESIZE);
    umask(022);
    clean_scratch();
    reply(&(struct answer){ .status = ST_READY, .clean = 1 }, -1);
    for (;;) serve_one();
}

static int launch(char **argv)
{
    uid_t uid = (uid_t)strtoul(argv[0], NULL, 10);
    gid_t gid = (gid_t)strtoul(argv[1], NULL, 10);
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (write(fd, "500", 3) < 0) { /* only a preference */ }
        close(fd);
    }
    if (uid != geteuid() && (setgroups(0, NULL) || setresgid(gid, gid, gid) || setresuid(uid, uid, uid))) {
        perror("cannot change to an ordinary user");
        return 5;
    }
    execv(argv[2], argv + 2);
    perror(argv[2]);
    return 6;
}

int main(int argc, char **argv)
{
    if (argc == 5 && !strcmp(argv[1], "serve")) return serve(argv[2], argv[3], atoi(argv[4]));
    if (argc >= 5 && !strcmp(argv[1], "launch")) return launch(argv + 2);
    fprintf(stderr, "usage: runner serve pid1|group SCRATCH CONTROL | launch UID GID PROGRAM ARG...\n");
    return 64;
}
