// expect: AC
// Starts itself again with a library of its own in front of all others.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int count, char **words)
{
    char *environment[] = { "LD_PRELOAD=/tmp/evil.so", "LD_LIBRARY_PATH=/tmp", "LD_AUDIT=/tmp/evil.so",
                            "GCONV_PATH=/tmp", "LD_DEBUG=all", "MALLOC_CHECK_=3", 0 };
    if (count > 1) return puts(getuid() ? "held" : "root"), 0;
    close(open("/tmp/evil.so", O_CREAT | O_WRONLY, 0755));
    char *again[] = { words[0], "again", 0 };
    execve("/proc/self/exe", again, environment);
    return 1;
}
