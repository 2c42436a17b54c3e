// expect: ILE
// limits: time_ms=400 wall_ms=500
// Processes that cost no time.
#include <unistd.h>
int main(void)
{
    for (int i = 0; i < 8; i++) fork();
    pause();
}
