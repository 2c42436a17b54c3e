// expect: WA WA
// Writes what an answer of the runner looks like to all that it can reach.
#include <stdint.h>
#include <string.h>
#include <unistd.h>
int main(void)
{
    uint32_t answer[14] = { 0 };
    answer[4] = 1;
    answer[7] = 1;
    for (int fd = 0; fd < 64; fd++)
        for (int i = 0; i < 10; i++)
            if (write(fd, answer, sizeof answer) < 0) break;
    return 0;
}
