// expect: AC
// Asks which files of the machine there are, without including one.
#include <stdio.h>
#if __has_include("/etc/passwd") || __has_include("/etc/hostname") || __has_include("/proc/self/root/etc/shadow") \
    || __has_include("../../../../etc/passwd") || __has_include("/root/.bashrc") || __has_include("/var/log") \
    || __has_include("/work") || __has_include("/home") || __has_include("/sys")
#define SAID "a file of the machine"
#else
#define SAID "held"
#endif
int main(void) { puts(SAID); }
