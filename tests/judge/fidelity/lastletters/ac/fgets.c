#include <stdio.h>
#include <string.h>
int main(void)
{
    char line[100];
    while (fgets(line, sizeof line, stdin)) {
        size_t n = strlen(line);
        while (n && strchr(" \t\r\n", line[n - 1])) n--;
        puts((char[]){ n ? line[n - 1] : '-', 0 });
    }
}
