// expect: ILE
// limits: time_ms=400 wall_ms=500
// Stops itself and is never continued.
#include <signal.h>
#include <stdio.h>
int main(void)
{
    puts("held");
    fflush(stdout);
    raise(SIGSTOP);
}
