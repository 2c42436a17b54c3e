// expect: TLE|ILE|MLE
// limits: time_ms=300 wall_ms=600
// Is always somebody else: each process starts the next and ends at once, so that a kill comes late.
#include <time.h>
#include <unistd.h>
int main(void)
{
    time_t end = time(0) + 10;
    if (fork()) pause();
    while (time(0) < end)
        if (fork() > 0) _exit(0);
}
