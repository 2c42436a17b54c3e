// expect: TLE|ILE
// limits: time_ms=400 wall_ms=1500
// The classic.
#include <unistd.h>
int main(void)
{
    for (;;) fork();
}
