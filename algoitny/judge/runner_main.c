/* The runner as a program of its own.
 *
 *   runner serve   pid1|group SCRATCH CONTROL     speaks the protocol on descriptor CONTROL
 *   runner prepare STACK SCRATCH CONTROL PROGRAM ARG...
 *                                                 becomes the interpreter PROGRAM, which will run
 *                                                 the same loop when it comes to read its last ARG
 *   runner launch  GROUPS UID GID PROGRAM ARG...  joins the control groups whose lists of processes
 *                                                 are open as GROUPS ("5,6" or ""), gives up root,
 *                                                 prefers to be killed when memory runs out, and
 *                                                 becomes PROGRAM
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner.h"

#define BOXES_PROCESSES 1024    /* of all boxes of a root worker's machine together */

/* The interpreter looks at its streams once, as it starts: they have to be pipes, as a test's are.
 * Its stack is placed, and that of its threads sized, by the limit at its start. */
static int prepare(char **argv)
{
    rlim_t stack = strtoull(argv[0], NULL, 10);
    struct rlimit r = { stack, stack };
    int in[2], out[2], err[2];
    char where[4096];
    snprintf(where, sizeof where, "%s %s", argv[2], argv[1]);
    if (setrlimit(RLIMIT_STACK, &r) || pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC)
        || pipe2(err, O_CLOEXEC) || dup2(in[0], 0) < 0 || dup2(out[1], 1) < 0
        || setenv(PREPARED_VARIABLE, where, 1) || setenv("LD_PRELOAD", PREPARED_LIBRARY, 1)) {
        perror("cannot prepare the interpreter");
        return 7;
    }
    int said = fcntl(2, F_DUPFD_CLOEXEC, 3); /* the launcher's, for a last word */
    default_signals();
    umask(022);
    if (dup2(err[1], 2) >= 0) execv(argv[3], argv + 3);
    if (said >= 0) dup2(said, 2);
    perror(argv[3]);
    return 6;
}

static int join(const char *groups)
{
    while (*groups) {
        char *end;
        int fd = (int)strtol(groups, &end, 10);
        if (write(fd, "0", 1) < 0) return -1;
        close(fd);
        groups = end + (*end == ',');
    }
    return 0;
}

static int launch(char **argv)
{
    uid_t uid = (uid_t)strtoul(argv[1], NULL, 10);
    gid_t gid = (gid_t)strtoul(argv[2], NULL, 10);
    if (join(argv[0])) {
        perror("cannot join the box's control group");
        return 5;
    }
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (write(fd, "500", 3) < 0) { /* only a preference */ }
        close(fd);
    }
    if (uid != geteuid()) {
        struct rlimit all = { BOXES_PROCESSES, BOXES_PROCESSES };
        if (setgroups(0, NULL) || setresgid(gid, gid, gid) || setresuid(uid, uid, uid)) {
            perror("cannot change to an ordinary user");
            return 5;
        }
        setrlimit(RLIMIT_NPROC, &all); /* nobody else is this user: only boxes are counted */
    }
    execv(argv[3], argv + 3);
    perror(argv[3]);
    return 6;
}

int main(int argc, char **argv)
{
    if (argc == 5 && !strcmp(argv[1], "serve")) return serve(argv[2], argv[3], atoi(argv[4]));
    if (argc >= 7 && !strcmp(argv[1], "prepare")) return prepare(argv + 2);
    if (argc >= 6 && !strcmp(argv[1], "launch")) return launch(argv + 2);
    fprintf(stderr, "usage: runner serve pid1|group SCRATCH CONTROL"
            " | prepare STACK SCRATCH CONTROL PROGRAM ARG... | launch GROUPS UID GID PROGRAM ARG...\n");
    return 64;
}
