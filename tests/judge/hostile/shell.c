// expect: AC
// Looks for a shell and tools.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(void)
{
    if (system("true") == 0) return puts("a shell"), 0;
    const char *tools[] = { "/bin/sh", "/usr/bin/env", "/usr/bin/gcc", "/usr/bin/mount", "/bin/busybox" };
    for (int i = 0; i < 5; i++)
        if (!access(tools[i], F_OK)) return puts(tools[i]), 0;
    puts("held");
}
