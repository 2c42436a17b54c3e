// expect: AC AC
// Changes its own program, or the runner, before the next test.
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void)
{
    const char *names[] = { "/box/program", "/proc/self/exe", "/runner" };
    for (int i = 0; i < 3; i++) {
        if (!chmod(names[i], 0777)) return puts("chmod"), 0;
        if (open(names[i], O_WRONLY) >= 0) return puts("open"), 0;
        if (!truncate(names[i], 0)) return puts("truncate"), 0;
    }
    if (!rename("/box/program", "/box/other") || !unlink("/box/program")) return puts("gone"), 0;
    puts("held");
}
