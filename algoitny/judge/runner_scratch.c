/* The scratch: how much of it is used, and emptying it so that the next test finds it as new. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "runner.h"

#define CLEAN_ENTRIES 2000      /* more than this, or longer than CLEAN_NS: the box is thrown away */
#define CLEAN_NS 50000000LL
#define INODE_BYTES 1024        /* what an empty file costs the kernel, about */

static uint64_t idle_inodes;

/* 0, or -1 when `path` cannot be the scratch. */
int open_scratch(const char *path)
{
    struct statfs s;
    int low = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    scratch = fcntl(low, F_DUPFD_CLOEXEC, SCRATCH_DESCRIPTOR);
    close(low);
    if (scratch < 0 || fstatfs(scratch, &s)) return -1;
    idle_inodes = s.f_files - s.f_ffree;
    return 0;
}

/* Files that are deleted but open count; 0 where the scratch is a folder of a larger file system. */
uint64_t scratch_bytes(void)
{
    struct statfs s;
    if (!boxed || fstatfs(scratch, &s)) return 0;
    uint64_t inodes = s.f_files - s.f_ffree;
    return (s.f_blocks - s.f_bfree) * (uint64_t)s.f_bsize
           + (inodes > idle_inodes ? inodes - idle_inodes : 0) * INODE_BYTES;
}

/* Empty the scratch without recursion: a folder's folders are moved up before it is removed.
 * 1: as new; 0: too much was there, or something resists. */
static int empty_scratch(void)
{
    int64_t until = now_ns() + CLEAN_NS;
    int budget = CLEAN_ENTRIES, found = 1, number = 0;
    struct folder top, sub;
    const char *name, *inner;
    while (found) {
        found = 0;
        if (open_folder(&top, scratch, ".")) return 0;
        while ((name = next_name(&top))) {
            if (--budget < 0 || now_ns() > until) break;
            found = 1;
            if (!unlinkat(scratch, name, 0)) continue;
            fchmodat(scratch, name, 0700, 0); /* a folder: links were unlinked above */
            if (!unlinkat(scratch, name, AT_REMOVEDIR)) continue;
            if (open_folder(&sub, scratch, name)) continue;
            while ((inner = next_name(&sub))) {
                char fresh[64];
                if (--budget < 0 || now_ns() > until) break;
                if (!unlinkat(sub.fd, inner, 0)) continue;
                fchmodat(sub.fd, inner, 0700, 0);
                snprintf(fresh, sizeof fresh, ".%d-%lld", number++, (long long)until);
                renameat(sub.fd, inner, scratch, fresh);
            }
            close_folder(&sub);
        }
        close_folder(&top);
        if (budget < 0 || now_ns() > until) return 0;
    }
    return 1;
}

/* 1: as new; 0: the box cannot be used again. */
int clean_scratch(void)
{
    static const struct timespec epoch[2];
    uint64_t used = scratch_bytes();
    /* Mode and times of the folder itself would carry a message to the next test. */
    if (fchmod(scratch, 0700)) return 0;
    if ((used || !boxed) && !empty_scratch()) return 0;
    if (futimens(scratch, epoch)) return 0;
    return scratch_bytes() == 0;
}

