// expect: AC AC AC
// Leaves files that are hard to remove, and looks for those of the test before.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
int main(void)
{
    struct stat s;
    struct timespec secret[2] = { { 11, 12 }, { 13, 14 } };
    char name[64];
    DIR *d = opendir("/tmp");
    if (!d) return puts("no scratch"), 0;
    for (struct dirent *e; (e = readdir(d));)
        if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..")) return puts(e->d_name), 0;
    stat("/tmp", &s);
    if (s.st_mtim.tv_sec || s.st_mtim.tv_nsec || s.st_mode != (S_IFDIR | 0700))
        return printf("mtime %ld mode %o\n", s.st_mtim.tv_sec, s.st_mode), 0;
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "/tmp/file-%d", i);
        close(open(name, O_CREAT | O_WRONLY, 0));
        snprintf(name, sizeof name, "/tmp/.link-%d", i);
        if (symlink("/etc/passwd", name)) return puts("link"), 0;
    }
    char deep[4096] = "/tmp/d";
    for (int i = 0; i < 200; i++) {
        mkdir(deep, 0700);
        strcat(deep, "/d");
    }
    if (chdir("/tmp/d/d/d")) return 1;
    link("/tmp/file-1", "/tmp/d/again");
    chmod("/tmp/d/d", 0);
    if (!setxattr("/tmp", "user.x", "1", 1, 0)) return puts("attribute"), 0;
    if (!mkfifo("/tmp/pipe", 0600)) return puts("fifo"), 0;
    utimensat(AT_FDCWD, "/tmp", secret, 0);
    chmod("/tmp", 0);
    puts("held");
}
