/* The runner's loop inside a CPython that has started: what is left for a test is to run its program.
 *
 * This library is preloaded into `python3 OPTIONS /box/main.py`. The interpreter starts as ever, with
 * its own arguments, its streams and `site`, and comes to open its program: there it is held, and is
 * PID 1 with the loop of runner.c. Each test is a fork, which opens the program and goes on with
 * CPython's own code for running a file and for ending (runner_python.c).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runner.h"

#define EXPORTED __attribute__((visibility("default")))

#define PROGRAM_BYTES 65536         /* the most that a submission has */

static int control_socket;
static char scratch_folder[256];
static char **command;              /* what this interpreter was started with */
static const char *held_program;    /* its last word; NULL: nothing is to be held */
static struct sigaction signals[NSIG];
static jmp_buf program_starts;
static int (*real_sigaction)(int, const struct sigaction *, struct sigaction *);

/* A past that is frozen for the collector changes in which order finalizers run, and what the
 * collector tells: a program with such words is started in the plain way. */
static int looks_at_the_collector(const char *path)
{
    static const char *const words[] = { "__del__", "gc.get_", "from gc" };
    static char text[PROGRAM_BYTES];
    int fd = open(path, O_RDONLY | O_CLOEXEC), found = 0;
    ssize_t size = fd < 0 ? -1 : read(fd, text, sizeof text);
    close(fd);
    for (size_t i = 0; size > 0 && i < sizeof words / sizeof *words; i++)
        found |= memmem(text, (size_t)size, words[i], strlen(words[i])) != NULL;
    return found;
}

static void start_program(void)
{
    longjmp(program_starts, 1);
}

/* Returns in each test, as that test's own process; in PID 1 it does not. */
static void hold(void)
{
    for (int i = 1; i < NSIG; i++) sigaction(i, NULL, &signals[i]);
    become_program = start_program;
    if (!setjmp(program_starts)) _exit(serve("pid1", scratch_folder, control_socket));
    if (looks_at_the_collector(held_program)) execv(command[0], command);
    for (int i = 1; i < NSIG; i++)
        if (signals[i].sa_handler != SIG_DFL) sigaction(i, &signals[i], NULL);
}

static FILE *open_file(const char *path, const char *mode, const char *function)
{
    FILE *(*real)(const char *, const char *) = dlsym(RTLD_NEXT, function);
    if (!held_program || !path || strcmp(path, held_program)) return real(path, mode);
    if (!ready_python()) return real(path, mode); /* it is not there: the interpreter says so and ends */
    hold();
    held_program = NULL;
    run_python(real(path, mode), path);
    return NULL;
}

EXPORTED FILE *fopen(const char *path, const char *mode)
{
    return open_file(path, mode, "fopen");
}

EXPORTED FILE *fopen64(const char *path, const char *mode)
{
    return open_file(path, mode, "fopen64");
}

EXPORTED int sigaction(int number, const struct sigaction *new, struct sigaction *old)
{
    int result = real_sigaction(number, new, old);
    if (number == SIGINT && new && new->sa_handler == SIG_DFL) python_ends();
    return result;
}

static void remove_variable(const char *name)
{
    char *value = getenv(name);
    if (!value) return;
    size_t size = strlen(name) + 1 + strlen(value);
    unsetenv(name);
    explicit_bzero(value - strlen(name) - 1, size); /* /proc/self/environ shows the place itself */
}

/* glibc gives a constructor the arguments of main. */
__attribute__((constructor)) static void begin(int argc, char **argv)
{
    const char *where = getenv(PREPARED_VARIABLE);
    real_sigaction = dlsym(RTLD_NEXT, "sigaction");
    if (!where || argc < 2 || sscanf(where, "%d %255s", &control_socket, scratch_folder) != 2) return;
    command = argv;
    held_program = argv[argc - 1];
    remove_variable(PREPARED_VARIABLE);
    remove_variable("LD_PRELOAD");
}
