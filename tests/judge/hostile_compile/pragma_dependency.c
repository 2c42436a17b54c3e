// expect: CE
// Asks whether a file is newer than this one: it would tell that it is there.
#pragma GCC dependency "/etc/passwd"
#pragma GCC dependency "/root/.ssh/id_rsa"
int main(void) { return 0; }
