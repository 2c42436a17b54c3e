// expect: ILE
#include <signal.h>
#include <stdio.h>
int main(void)
{
    puts("held");
    fflush(stdout);
    raise(SIGSTOP);
}
