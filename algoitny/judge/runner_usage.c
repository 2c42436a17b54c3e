/* What a running test uses, and ending it: CPU time and memory of all its processes. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runner.h"

#define KCMP_VM 1               /* linux/kcmp.h: do two processes have one memory */
#define HASTY_LOOKS 20

int64_t now_ns(void)
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
    int error = errno;
    close(fd);
    errno = error;
    buffer[n > 0 ? n : 0] = 0;
    return n;
}

static uint64_t less(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

static void account(struct usage *u, pid_t pid, int status, const struct rusage *r)
{
    uint64_t most = less((uint64_t)r->ru_maxrss * 1024, u->mapped);
    u->reaped_us += (r->ru_utime.tv_sec + r->ru_stime.tv_sec) * 1000000LL
                    + r->ru_utime.tv_usec + r->ru_stime.tv_usec;
    if (most > u->peak) u->peak = most;
    u->reaped++;
    if (pid == u->main) {
        u->main_reaped = 1;
        u->main_status = status;
    }
}

/* Take note of processes that ended; with WNOHANG without waiting for one. */
void reap(struct usage *u, int flags)
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
        struct folder all;
        const char *name;
        if (open_folder(&all, AT_FDCWD, "/proc")) return 0;
        while (n < max && (name = next_name(&all))) {
            int pid = atoi(name);
            if (pid > 1) out[n++] = pid;
        }
        close_folder(&all);
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

static uint64_t resident_pages(pid_t pid, const char *name)
{
    char text[128], *at;
    return read_proc(pid, name, text, sizeof text) > 0 && (at = strchr(text, ' '))
               ? strtoull(at, NULL, 10) : 0;
}

/* A process whose first thread has ended shows no memory of its own: its other threads' is what it
 * has. The name of `file` of the first thread that shows some, 0 when none does. */
static uint64_t thread_pages(pid_t pid, const char *file, char *name, size_t size)
{
    char path[64];
    uint64_t pages = 0;
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    struct folder tasks;
    const char *task;
    if (open_folder(&tasks, AT_FDCWD, path)) return 0;
    while (!pages && (task = next_name(&tasks))) {
        snprintf(path, sizeof path, "task/%d/statm", atoi(task));
        if ((pages = resident_pages(pid, path)))
            snprintf(name, size, "task/%d/%s", atoi(task), file);
    }
    close_folder(&tasks);
    return pages;
}

/* The number of bytes that `key` has in a file of lines `key: number kB`; 0 without. */
static uint64_t kilobytes(const char *text, const char *key)
{
    const char *at = strstr(text, key);
    return at ? strtoull(at + strlen(key), NULL, 10) * 1024 : 0;
}

/* Resident pages that are files of the scratch, mapped: they count as scratch, however often they are
 * mapped. Nothing else that is shared can be in a box. */
static uint64_t mapped_scratch(struct usage *u, pid_t pid)
{
    char text[4096], name[64] = "status";
    if (!resident_pages(pid, "statm")) thread_pages(pid, "status", name, sizeof name);
    if (read_proc(pid, name, text, sizeof text) <= 0) return 0;
    uint64_t mapped = kilobytes(text, "\nRssShmem:");
    if (mapped > u->mapped) u->mapped = mapped;
    return mapped;
}

/* Whether one of the processes before number `i` has the same memory, not a copy: after vfork. */
static int is_counted(const pid_t *pids, int i)
{
    for (int j = 0; j < i; j++)
        if (!syscall(SYS_kcmp, pids[i], pids[j], KCMP_VM, 0, 0)) return 1;
    return 0;
}

/* Proportional set sizes added up: pages that several processes share are counted once. Of a process
 * that hides its own the resident size counts, and nothing of one that has ended meanwhile. */
static uint64_t shared_sizes(const pid_t *pids, const uint64_t *resident, int count)
{
    uint64_t total = 0;
    for (int i = 0; i < count; i++) {
        char text[2048], name[64] = "smaps_rollup";
        if (is_counted(pids, i)) continue;
        if (!resident_pages(pids[i], "statm")) thread_pages(pids[i], "smaps_rollup", name, sizeof name);
        if (read_proc(pids[i], name, text, sizeof text) > 0) {
            uint64_t size = kilobytes(text, "\nPss:");
            total += size ? size - kilobytes(text, "\nPss_Shmem:") : resident[i];
        } else if (errno == EACCES || errno == EPERM) {
            total += resident[i];
        }
    }
    return total;
}

/* The id that the newest process or thread of a box got, dead or alive; 0 without a box. */
int newest_process(void)
{
    char text[128], *last;
    if (!boxed || read_proc(0, "loadavg", text, sizeof text) <= 0) return 0;
    last = strrchr(text, ' ');
    return last ? atoi(last) : 0;
}

/* A child whose parent ignores it leaves no account of its CPU time. Where processes come and go
 * between two looks, unseen, the next looks follow sooner. */
static void mind_the_unseen(struct usage *u, int processes, int tasks)
{
    int newest = newest_process(), more = tasks - u->tasks;
    int seen = u->reaped + (processes > more ? processes : more);
    if (newest - u->newest > seen) u->hasty = HASTY_LOOKS;
    else if (u->hasty) u->hasty--;
    u->newest = newest;
    u->tasks = tasks;
    u->reaped = 0;
}

static void sample_tree(struct usage *u, uint64_t limit)
{
    pid_t pids[MAX_SEEN];
    uint64_t resident[MAX_SEEN];
    static long ticks;
    int64_t own = 0, children = 0;
    uint64_t total = 0, files = scratch_bytes();
    int count = list_processes(pids, MAX_SEEN), appeared = count, tasks = 0;
    if (!ticks) ticks = sysconf(_SC_CLK_TCK);

    for (int i = 0; i < u->seen_count; i++) {
        int still = 0;
        for (int j = 0; j < count && !still; j++) still = pids[j] == u->seen[i].pid;
        if (!still) u->gone_ns += u->seen[i].ns;
        appeared -= still;
    }
    u->seen_count = 0;
    for (int i = 0; i < count; i++) {
        char text[1024], *at;
        unsigned long long cutime = 0, cstime = 0, threads = 0, pages = 0;
        int64_t ns = process_cpu_ns(pids[i]);
        if (ns < 0) ns = 0;
        resident[i] = 0;
        if (read_proc(pids[i], "stat", text, sizeof text) > 0 && (at = strrchr(text, ')'))
            && sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %llu %llu"
                      " %*d %*d %llu %*d %*u %*u %llu", &cutime, &cstime, &threads, &pages) == 4) {
            tasks += (int)threads;
            if (!pages) pages = thread_pages(pids[i], "statm", text, sizeof text);
            resident[i] = pages * (uint64_t)sysconf(_SC_PAGESIZE);
            if (files) resident[i] = less(resident[i], mapped_scratch(u, pids[i]));
            children += (int64_t)(cutime + cstime) * (1000000000LL / ticks);
        }
        own += ns;
        total += resident[i];
        u->seen[u->seen_count].pid = pids[i];
        u->seen[u->seen_count++].ns = ns;
    }
    if (count > 1 && total + files > limit) {
        /* Twice, and the smaller counts: processes come and go while they are being added up. */
        uint64_t first = shared_sizes(pids, resident, count);
        uint64_t second = shared_sizes(pids, resident, count);
        total = first < second ? first : second;
    }
    total += files;
    if (total > u->peak) u->peak = total;
    mind_the_unseen(u, appeared, tasks);
    /* Two lower bounds: times that parents collected, and times that were seen (a program that
     * ignores SIGCHLD hides its children from the first). */
    int64_t collected = u->reaped_us * 1000 + own + children, witnessed = u->gone_ns + own;
    if (collected > u->cpu_ns) u->cpu_ns = collected;
    if (witnessed > u->cpu_ns) u->cpu_ns = witnessed;
}

/* Look at everything that runs now, and remember the most. */
void sample(struct usage *u, uint64_t limit)
{
    char text[128], *at;
    /* Only the first process and no thread was ever started: then one file tells everything. */
    if (!boxed || newest_process() != u->main) {
        sample_tree(u, limit);
        return;
    }
    int64_t ns = process_cpu_ns(u->main);
    if (ns > u->cpu_ns) u->cpu_ns = ns;
    if (read_proc(u->main, "statm", text, sizeof text) > 0 && (at = strchr(text, ' '))) {
        uint64_t total = strtoull(at, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
        uint64_t files = scratch_bytes();
        if (files) total = less(total, mapped_scratch(u, u->main)) + files;
        if (total > u->peak) u->peak = total;
    }
}

/* How long a task of the test was ready to run without getting a processor, in ns: the one that
 * waited longest. A sum would let a program wait for itself. */
int64_t starved_ns(void)
{
    pid_t pids[MAX_SEEN];
    int64_t longest = 0;
    int count = list_processes(pids, MAX_SEEN);
    for (int i = 0; i < count; i++) {
        char name[64], text[128], *at;
        snprintf(name, sizeof name, "/proc/%d/task", (int)pids[i]);
        struct folder tasks;
        const char *task;
        if (open_folder(&tasks, AT_FDCWD, name)) continue;
        while ((task = next_name(&tasks))) {
            snprintf(name, sizeof name, "task/%d/schedstat", atoi(task));
            if (read_proc(pids[i], name, text, sizeof text) <= 0 || !(at = strchr(text, ' ')))
                continue;
            int64_t waited = strtoll(at, NULL, 10);
            if (waited > longest) longest = waited;
        }
        close_folder(&tasks);
    }
    return longest;
}

void kill_everything(pid_t main)
{
    pid_t pids[MAX_SEEN];
    if (boxed) {
        kill(-1, SIGKILL);
        return;
    }
    if (main > 1) kill(-main, SIGKILL);
    int count = list_processes(pids, MAX_SEEN);
    for (int i = 0; i < count; i++) kill(pids[i], SIGKILL);
}

/* Kill all and wait until the kernel knows of no process of the test any more. */
void end_everything(struct usage *u)
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

