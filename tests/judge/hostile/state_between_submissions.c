// expect: AC AC
// submissions: 3
// Looks for another submission: its processes, files, mounts, IPC objects, and its program.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
static int entries(const char *place)
{
    int count = 0;
    DIR *d = opendir(place);
    for (struct dirent *e; d && (e = readdir(d));) count += strcmp(e->d_name, ".") && strcmp(e->d_name, "..");
    if (d) closedir(d);
    return count;
}
int main(void)
{
    char line[512];
    int processes = 0, lines = 0;
    DIR *d = opendir("/proc");
    for (struct dirent *e; (e = readdir(d));) processes += atoi(e->d_name) > 0;
    if (processes != 2) return printf("%d processes\n", processes), 0;
    if (entries("/tmp")) return puts("files"), 0;
    if (entries("/box") != 1) return puts("programs"), 0;
    const char *tables[] = { "/proc/sysvipc/shm", "/proc/sysvipc/msg", "/proc/sysvipc/sem" };
    for (int i = 0; i < 3; i++) {
        FILE *f = fopen(tables[i], "r");
        for (lines = 0; f && fgets(line, sizeof line, f);) lines++;
        if (lines > 1) return puts(tables[i]), 0;
    }
    if (!access("/dev/shm", F_OK) || !access("/dev/mqueue", F_OK) || !access("/var/tmp", F_OK))
        return puts("places to leave something"), 0;
    puts("held");
    fflush(stdout);
    FILE *f = fopen("/tmp/left", "w");
    fputs("left", f);
    fclose(f);
    mkdir("/tmp/folder", 0700);
    if (!fork()) { setsid(); for (;;) pause(); }
}
