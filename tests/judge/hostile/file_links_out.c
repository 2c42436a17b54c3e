// expect: AC AC
// Ties what is outside of the scratch to names within it, which the cleaning would follow.
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    struct stat s;
    if (stat("/box/program", &s) || !(s.st_mode & S_IXUSR)) return puts("the program is gone"), 0;
    TRY(link("/box/program", "/tmp/program"));
    TRY(linkat(AT_FDCWD, "/proc/self/exe", AT_FDCWD, "/tmp/exe", AT_SYMLINK_FOLLOW));
    TRY(linkat(open("/dev/null", O_RDONLY), "", AT_FDCWD, "/tmp/null", 0x1000));
    TRY(rename("/dev/null", "/tmp/null"));
    TRY(rename("/tmp", "/box/tmp"));
    TRY(rmdir("/tmp"));
    mkdir("/tmp/folder", 0700);
    symlink("/box", "/tmp/folder/box");
    symlink("/", "/tmp/root");
    symlink("..", "/tmp/folder/up");
    symlink("/dev", "/tmp/.0-1");
    chmod("/tmp/folder", 0);
    puts("held");
}
