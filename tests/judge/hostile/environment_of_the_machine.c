// expect: AC
// Asks for names: of the machine, its user, its domain, and whether somebody is at a terminal.
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
int main(void)
{
    struct utsname u;
    uname(&u);
    if (strcmp(u.nodename, "box")) return puts(u.nodename), 0;
    if (isatty(0) || isatty(1) || isatty(2)) return puts("a terminal"), 0;
    if (getpgrp() == 0 && getsid(0) > 1) return puts("a session from outside"), 0;
    if (getppid() != 1) return puts("another parent"), 0;
    if (!getuid() || !geteuid()) return puts("root"), 0;
    puts("held");
}
