/* Running a program in a copy of a started CPython, with CPython's own code, and ending it early.
 *
 * Nothing of Python is imitated and no Python code of ours runs. Three things only are done to save a
 * test from copying the whole interpreter's memory, which it would by writing to it:
 * - what is there before the program is frozen for the garbage collector, and thawed when the
 *   program ends having changed a module that was there: what hangs on it has to be collected;
 * - modules that were there and are as they were are left alone by the end, which empties all others;
 * - an end that has reached the point where nothing of it can be seen any more is cut off there.
 *
 * No Python header is needed: the functions, all of the stable API or as old as it, are looked up.
 * Where one is missing no program is held, and the worker starts programs plainly.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runner.h"

#define KEY "algoitny.end"
#define MAX_MODULES 200
#define MAX_VALUES 20000
#define FLUSH_FAILED 120        /* CPython's exit code for that */

typedef struct object object;   /* a PyObject, or what else Python points to */

static struct {
    object *(*PyCapsule_New)(void *, const char *, void (*)(object *));
    int (*PyDict_DelItem)(object *, object *);
    int (*PyDict_DelItemString)(object *, const char *);
    object *(*PyDict_GetItemString)(object *, const char *);
    int (*PyDict_Next)(object *, ssize_t *, object **, object **);
    int (*PyDict_SetItemString)(object *, const char *, object *);
    ssize_t (*PyDict_Size)(object *);
    void (*PyErr_Clear)(void);
    object **PyExc_KeyboardInterrupt;
    int (*PyGILState_Ensure)(void);
    object *(*PyImport_GetModuleDict)(void);
    object *(*PyImport_ImportModule)(const char *);
    object *(*PyInterpreterState_Get)(void);
    object *(*PyInterpreterState_GetDict)(object *);
    object *(*PyInterpreterState_ThreadHead)(object *);
    object *(*PyModule_GetDict)(object *);
    object *(*PyObject_CallMethod)(object *, const char *, const char *, ...);
    void (*PyObject_GC_Track)(void *);
    void (*PyObject_GC_UnTrack)(void *);
    object *(*PyObject_GetAttrString)(object *, const char *);
    int (*PyObject_IsTrue)(object *);
    void (*PyOS_AfterFork_Child)(void);
    void (*PyOS_BeforeFork)(void);
    int (*PyRun_SimpleFileExFlags)(FILE *, const char *, int, void *);
    object *(*PySys_GetObject)(const char *);
    int (*PySys_SetObject)(const char *, object *);
    object *(*PyThreadState_Next)(object *);
    void (*Py_DecRef)(object *);
    int (*Py_FinalizeEx)(void);
    void (*Py_IncRef)(object *);
    int (*Py_IsInitialized)(void);
    int (*Py_MakePendingCalls)(void);
} py;

static const char *const NAMES[] = {
    "PyCapsule_New", "PyDict_DelItem", "PyDict_DelItemString", "PyDict_GetItemString",
    "PyDict_Next", "PyDict_SetItemString", "PyDict_Size", "PyErr_Clear", "PyExc_KeyboardInterrupt",
    "PyGILState_Ensure", "PyImport_GetModuleDict", "PyImport_ImportModule",
    "PyInterpreterState_Get", "PyInterpreterState_GetDict", "PyInterpreterState_ThreadHead",
    "PyModule_GetDict", "PyObject_CallMethod", "PyObject_GC_Track", "PyObject_GC_UnTrack",
    "PyObject_GetAttrString", "PyObject_IsTrue", "PyOS_AfterFork_Child",
    "PyOS_BeforeFork", "PyRun_SimpleFileExFlags", "PySys_GetObject", "PySys_SetObject",
    "PyThreadState_Next", "Py_DecRef", "Py_FinalizeEx", "Py_IncRef", "Py_IsInitialized",
    "Py_MakePendingCalls",
};

static object *gc, *first_stdout, *first_stderr;
static struct { object *module, *content; } first[MAX_MODULES];
static object *values[MAX_VALUES];
static int first_count, can_end_early;
static size_t value_count;

/* ---- frozen ------------------------------------------------------------------------------ */

static void call_gc(const char *method)
{
    object *done = py.PyObject_CallMethod(gc, method, NULL);
    if (done) py.Py_DecRef(done);
    else py.PyErr_Clear();
}

/* How many values the modules of the start have; those beyond MAX_VALUES are not looked at.
 * `differ`: how many are not those that were remembered, or NULL: remember them. */
static size_t look_at_modules(int *differ)
{
    object *key, *value;
    size_t n = 0;
    for (int i = 0; i < first_count; i++)
        for (ssize_t at = 0; py.PyDict_Next(first[i].content, &at, &key, &value) && n < MAX_VALUES; n++) {
            if (differ) *differ += values[n] != value;
            else values[n] = value;
        }
    return n;
}

/* All modules but the three that the interpreter clears by hand or that are the program's own. */
static void remember_modules(object *all)
{
    static const char *const others[] = { "sys", "builtins", "__main__" };
    object *name, *module;
    for (ssize_t at = 0; py.PyDict_Next(all, &at, &name, &module) && first_count < MAX_MODULES;) {
        int is_other = 0;
        for (int i = 0; i < 3; i++) is_other |= module == py.PyDict_GetItemString(all, others[i]);
        object *content = is_other ? NULL : py.PyModule_GetDict(module);
        if (content) {
            py.Py_IncRef(module); /* so that it is there to be looked at, whatever a program deletes */
            py.Py_IncRef(content);
            first[first_count].module = module;
            first[first_count++].content = content;
        } else {
            py.PyErr_Clear();
        }
    }
    value_count = look_at_modules(NULL);
}

static int freeze(void)
{
    object *all = py.PyImport_GetModuleDict(), *program = py.PyDict_GetItemString(all, "__main__");
    int known = py.PyDict_GetItemString(all, "gc") != NULL;
    if (!program || !(gc = py.PyImport_ImportModule("gc"))) return 0;
    if (!known) py.PyDict_DelItemString(all, "gc");
    remember_modules(all);
    call_gc("freeze");
    /* The program's own module is part of what it leaves to the collector. */
    object *own[] = { program, py.PyModule_GetDict(program) };
    for (int i = 0; i < 2; i++) {
        py.PyObject_GC_UnTrack(own[i]);
        py.PyObject_GC_Track(own[i]);
    }
    return 1;
}

/* As if nothing had ever been frozen, or looked at. */
static void thaw(void)
{
    call_gc("unfreeze");
    while (first_count) {
        py.Py_DecRef(first[--first_count].content);
        py.Py_DecRef(first[first_count].module);
    }
}

/* ---- the end of a program ---------------------------------------------------------------- */

/* Called when the interpreter begins to empty its modules: it must not see those it started with. */
static void spare_modules(object *capsule)
{
    object *all = py.PyImport_GetModuleDict(), *name, *module, *names[MAX_MODULES];
    int count = 0;
    (void)capsule;
    for (ssize_t at = 0; count < MAX_MODULES && py.PyDict_Next(all, &at, &name, &module);)
        for (int i = 0; i < first_count; i++)
            if (module == first[i].module) {
                names[count++] = name;
                break;
            }
    while (count) py.PyDict_DelItem(all, names[--count]);
}

/* Called when the interpreter gives its signals back: the program and its callbacks have run, and
 * the collector is about to. However a program ends, by `sys.exit` too, it comes by here. */
void python_ends(void)
{
    int differ = 0;
    if (!first_count || py.Py_IsInitialized()) return;
    if (look_at_modules(&differ) != value_count || differ) {
        thaw();
        return;
    }
    /* The variables of `sys` that only a prompt has are what the interpreter deletes first. */
    object *capsule = py.PyCapsule_New(&py, KEY, spare_modules);
    if (capsule && !py.PySys_SetObject("ps1", capsule)) py.Py_DecRef(capsule);
}

/* Called when the interpreter has done all that can be seen of its end, and begins to free its own
 * memory, page by page of a copy that is about to vanish. */
static void end_early(object *capsule)
{
    (void)capsule;
    if (can_end_early) exit(0);
}

/* A stream of the start that is open, has no methods of its own, and leads where it did. */
static int is_untouched(const char *name, object *first, int descriptor, const struct stat *given)
{
    object *stream = py.PySys_GetObject(name);
    struct stat s;
    int flags = fcntl(descriptor, F_GETFL);
    if (stream != first || flags < 0 || flags & O_NONBLOCK || fstat(descriptor, &s)
        || s.st_dev != given->st_dev || s.st_ino != given->st_ino) return 0;
    object *closed = py.PyObject_GetAttrString(stream, "closed");
    object *attributes = py.PyObject_GetAttrString(stream, "__dict__");
    int is_open = closed && py.PyObject_IsTrue(closed) == 0;
    int is_plain = attributes && py.PyDict_Size(attributes) == 1; /* its mode */
    if (closed) py.Py_DecRef(closed);
    if (attributes) py.Py_DecRef(attributes);
    py.PyErr_Clear();
    return is_open && is_plain;
}

/* Whether ending cannot change the exit code any more: by a flush that fails, or by what callbacks
 * and other threads do before it. */
static int is_decided(const struct stat *given)
{
    object *all = py.PyImport_GetModuleDict();
    return !py.PyDict_GetItemString(all, "threading") && !py.PyDict_GetItemString(all, "atexit")
           && !py.PyThreadState_Next(py.PyInterpreterState_ThreadHead(py.PyInterpreterState_Get()))
           && is_untouched("stdout", first_stdout, 1, given)
           && is_untouched("stderr", first_stderr, 2, given + 1);
}

static int is_interrupted(void)
{
    object *last = py.PySys_GetObject("last_type");
    return last && last == *py.PyExc_KeyboardInterrupt; /* not one derived from it: CPython's own rule */
}

/* What CPython's main does with a file, and after it. Does not return. */
void run_python(FILE *file, const char *path)
{
    struct stat given[2];
    py.PyOS_AfterFork_Child();
    fstat(1, given);
    fstat(2, given + 1);
    if (!file) exit(2);
    int code = py.Py_MakePendingCalls() || py.PyRun_SimpleFileExFlags(file, path, 1, NULL) ? 1 : 0;
    int interrupted = code && is_interrupted();
    can_end_early = !code && is_decided(given);
    if (py.Py_FinalizeEx() < 0) code = FLUSH_FAILED;
    if (interrupted) {
        signal(SIGINT, SIG_DFL);
        kill(getpid(), SIGINT);
        code = 128 + SIGINT;
    }
    exit(code);
}

/* Before the first fork: 1, or 0 when this is no interpreter that can be held. */
int ready_python(void)
{
    void **slot = (void **)&py;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (!(slot[i] = dlsym(RTLD_DEFAULT, NAMES[i]))) return 0;
    py.PyGILState_Ensure(); /* the interpreter opens files without its lock */
    object *capsule = py.PyCapsule_New(&py, KEY, end_early);
    object *state = py.PyInterpreterState_GetDict(py.PyInterpreterState_Get());
    if (!capsule || !state || py.PyDict_SetItemString(state, KEY, capsule) || !freeze()) return 0;
    py.Py_DecRef(capsule);
    first_stdout = py.PySys_GetObject("stdout");
    first_stderr = py.PySys_GetObject("stderr");
    py.PyOS_BeforeFork();
    return 1;
}
