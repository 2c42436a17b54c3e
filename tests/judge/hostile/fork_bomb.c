// expect: TLE|ILE
#include <unistd.h>
int main(void)
{
    for (;;) fork();
}
