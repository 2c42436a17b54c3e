// expect: TLE|ILE
// limits: time_ms=300 wall_ms=800
// Becomes itself again and again: its clocks must not begin anew.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(int count, char **words)
{
    char number[16];
    int turn = count > 1 ? atoi(words[1]) : 0;
    if (turn > 200000) return 0;
    snprintf(number, sizeof number, "%d", turn + 1);
    execl("/proc/self/exe", words[0], number, (char *)0);
}
