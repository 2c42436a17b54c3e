/* The names in a folder, read with the system call itself: opendir would leave them in memory that
 * was freed, where the next test, a copy of this process, could find them. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runner.h"

struct entry { uint64_t inode; int64_t offset; unsigned short size; unsigned char type; char name[]; };

/* 0, or -1 when `name` in `parent` is no folder that can be read. */
int open_folder(struct folder *f, int parent, const char *name)
{
    f->size = f->at = 0;
    f->fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return f->fd < 0 ? -1 : 0;
}

/* The next name, which holds until the one after it is asked for; NULL at the end. */
const char *next_name(struct folder *f)
{
    for (;;) {
        if (f->at >= f->size) {
            f->size = (int)syscall(SYS_getdents64, f->fd, f->entries, sizeof f->entries);
            f->at = 0;
            if (f->size <= 0) return NULL;
        }
        struct entry *e = (struct entry *)(f->entries + f->at);
        f->at += e->size;
        if (strcmp(e->name, ".") && strcmp(e->name, "..")) return e->name;
    }
}

void close_folder(struct folder *f)
{
    close(f->fd);
}
