/* What the three parts of the runner share: the protocol's structures (protocol.py mirrors them),
 * the account of a running test, and the state of this one process.
 */
#ifndef ALGOITNY_RUNNER_H
#define ALGOITNY_RUNNER_H

#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#define TICK_NS 10000000LL      /* how often a running test is looked at */
#define MAX_SEEN 512            /* processes of one test that samples are kept of */

enum { OP_RUN = 1, OP_KILL = 2, OP_FETCH = 3 };
enum { ST_DONE = 0, ST_FAILED = 1, ST_READY = 2, ST_NOT_STARTED = 3 };
enum {
    KILLED_NOT = 0, KILLED_CPU = 1, KILLED_WALL = 2, KILLED_MEMORY = 3, KILLED_ASKED = 4,
    KILLED_PROCESSES = 5,
};

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

struct usage {
    pid_t main;
    int main_reaped, main_status;
    int64_t started, reaped_us; /* CPU time that wait4 told of */
    int64_t gone_ns;            /* last samples of processes that are not there any more */
    int64_t cpu_ns;             /* best estimate until now */
    uint64_t peak;              /* bytes */
    int seen_count;             /* processes when all were last looked at */
    struct { pid_t pid; int64_t ns; } seen[MAX_SEEN];
};

extern int boxed;   /* PID 1 of a PID namespace, so that every other process is the test's */
extern int scratch; /* the folder that tests may write */

int64_t now_ns(void);

/* runner_usage.c */
void sample(struct usage *u, uint64_t limit);
int64_t starved_ns(void);
void reap(struct usage *u, int flags);
void kill_everything(pid_t main);
void end_everything(struct usage *u);

/* runner_scratch.c */
int open_scratch(const char *path);
uint64_t scratch_bytes(void);
int clean_scratch(void);

#endif
