// expect: TLE
// limits: time_ms=300 wall_ms=5000
// Work done by grandchildren whose parents have ended.
#include <stdio.h>
#include <time.h>
#include <unistd.h>
int main(void)
{
    int ends[2];
    char byte;
    puts("held");
    fflush(stdout);
    if (pipe(ends)) return 1;
    for (int i = 0; i < 4; i++)
        if (!fork()) {
            if (!fork()) {
                setsid();
                while (clock() < CLOCKS_PER_SEC / 5) {}
            }
            _exit(0);
        }
    close(ends[1]);
    return (int)read(ends[0], &byte, 1); // when the last of them is gone
}
