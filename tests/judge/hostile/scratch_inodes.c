// expect: MLE
// Fills the scratch with empty files.
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
    for (long i = 0;; i++) {
        char name[32];
        snprintf(name, sizeof name, "/tmp/%ld", i);
        close(open(name, O_CREAT | O_WRONLY, 0600));
    }
}
