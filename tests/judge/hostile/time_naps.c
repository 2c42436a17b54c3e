// expect: ILE
// limits: time_ms=300 wall_ms=500
// Sleeps for ever, a little at a time.
#include <unistd.h>
int main(void)
{
    for (;;) usleep(5000);
}
