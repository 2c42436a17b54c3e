// expect: ILE
#include <unistd.h>
int main(void)
{
    for (int i = 0; i < 8; i++) fork();
    pause();
}
