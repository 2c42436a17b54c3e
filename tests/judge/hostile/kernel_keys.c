// expect: AC AC
// A key in the keyring of the user would reach the next test, and other boxes of the user.
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
#define TRY(call) if ((call) >= 0) return puts(#call), 0
int main(void)
{
    TRY(syscall(SYS_keyctl, 10, -4, "user", "left", 0));         /* KEYCTL_SEARCH */
    for (int ring = -8; ring < 0; ring++) {
        TRY(syscall(SYS_add_key, "user", "left", "behind", 6, ring));
        TRY(syscall(SYS_request_key, "user", "left", 0, ring));
        TRY(syscall(SYS_keyctl, 0, ring, 1));                    /* KEYCTL_GET_KEYRING_ID */
    }
    TRY(syscall(SYS_keyctl, 1, "joined"));                       /* KEYCTL_JOIN_SESSION_KEYRING */
    TRY(syscall(SYS_keyctl, 22, getuid(), -1));                  /* KEYCTL_GET_PERSISTENT */
    puts("held");
}
