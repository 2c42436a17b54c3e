/* What the parts of the runner share: the protocol's structures (protocol.py mirrors them),
 * the account of a running test, and the state of this one process.
 */
#ifndef ALGOITNY_RUNNER_H
#define ALGOITNY_RUNNER_H

#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/types.h>

#define TICK_NS 10000000LL      /* how often a running test is looked at */
#define HASTY_NS 1000000LL      /* and while its processes vanish between two looks */
#define MAX_SEEN 512            /* processes of one test that samples are kept of */
#define SCRATCH_DESCRIPTOR 300  /* beyond what a test may open: seccomp.py lets only it set times */

enum { OP_RUN = 1, OP_KILL = 2, OP_FETCH = 3, OP_EMPTY = 4 };
enum { ST_DONE = 0, ST_FAILED = 1, ST_READY = 2, ST_NOT_STARTED = 3 };
enum {
    KILLED_NOT = 0, KILLED_CPU = 1, KILLED_WALL = 2, KILLED_MEMORY = 3, KILLED_ASKED = 4,
    KILLED_PROCESSES = 5,
};

#define PREPARED_LIBRARY "/runner.so"               /* where a box has runner_prepared.c and the loop */
#define PREPARED_VARIABLE "ALGOITNY_PREPARED"       /* tells it: CONTROL SCRATCH */

struct request {
    uint64_t nonce;
    uint32_t op, argc;
    uint64_t cpu_us, wall_us, memory, address_space, stack, file_size;
    uint32_t processes, files, keep_scratch, reserved;
    char text[]; /* OP_RUN: argc strings, none for a prepared program; OP_FETCH: a file name of the scratch */
};

struct answer {
    uint64_t nonce;
    uint32_t status, error, exited, code, killed, clean;
    uint64_t cpu_us, wall_us, memory;
    uint64_t own_us; /* CPU time of the runner itself, which a control group counts too */
};

struct usage {
    pid_t main;
    int main_reaped, main_status;
    int64_t started, reaped_us; /* CPU time that wait4 told of */
    int64_t gone_ns;            /* last samples of processes that are not there any more */
    int64_t cpu_ns;             /* best estimate until now */
    uint64_t peak, mapped;      /* bytes; of one process, files of the scratch in its memory */
    int seen_count;             /* processes when all were last looked at */
    int newest, tasks;          /* then: newest id, number of processes and threads */
    int reaped, hasty;          /* ended ones since then; looks to come soon */
    struct { pid_t pid; int64_t ns; } seen[MAX_SEEN];
};

extern int boxed;   /* PID 1 of a PID namespace, so that every other process is the test's */
extern int scratch; /* the folder that tests may write */

extern void (*become_program)(void); /* in a prepared interpreter: go on as the program; returns not */

/* runner.c */
int serve(const char *mode, const char *path, int descriptor);
void default_signals(void);
int64_t now_ns(void);

/* runner_python.c */
int ready_python(void);
void run_python(FILE *file, const char *path);
void python_ends(void); /* perhaps */

/* runner_folder.c: reading folders without the C library's memory, which tests may be copies of */
struct folder { int fd, size, at; char entries[4096] __attribute__((aligned(8))); };
int open_folder(struct folder *f, int parent, const char *name);
const char *next_name(struct folder *f);
void close_folder(struct folder *f);

/* runner_usage.c */
int newest_process(void);
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
