// expect: ILE|TLE
// limits: time_ms=300 wall_ms=600
// A byte a millisecond, for ever.
#include <unistd.h>
int main(void)
{
    for (;;) {
        if (write(1, ".", 1) < 0) return 1;
        usleep(1000);
    }
}
