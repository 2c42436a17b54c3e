// expect: AC
// Calls that nothing a learner writes needs: each must be refused before it looks at anything.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
    long calls[] = {
        SYS_bpf, SYS_perf_event_open, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_userfaultfd,
        SYS_io_setup, SYS_io_submit, 425, 426, 427, SYS_init_module, SYS_finit_module,
        SYS_delete_module, SYS_kexec_load, SYS_reboot, SYS_swapon, SYS_acct, SYS_quotactl,
        SYS_syslog, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_sethostname,
        SYS_personality, SYS_fanotify_init, SYS_inotify_init1, SYS_name_to_handle_at,
        SYS_lookup_dcookie, SYS_kcmp, SYS_seccomp, SYS_memfd_create, SYS_mq_open, SYS_msgget,
        SYS_semget, SYS_shmget, SYS_setpriority, SYS_sched_setscheduler, SYS_sched_setparam,
        SYS_sched_setaffinity, SYS_sched_setattr, SYS_ioprio_set, SYS_mbind, SYS_move_pages,
        SYS_migrate_pages, SYS_set_mempolicy, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr,
        SYS_removexattr, SYS_mknodat, SYS_vhangup, SYS_setuid, SYS_setgid, SYS_setresuid,
        SYS_setgroups, SYS_capset, SYS_vmsplice, SYS_splice, SYS_tee, SYS_connect, SYS_accept4,
        SYS_listen, 444, 445, 446, 448, 460, 461,
    };
    int wrong = 0;
    for (unsigned i = 0; i < sizeof calls / sizeof *calls; i++) {
        errno = 0;
        if (syscall(calls[i], 0, 0, 0, 0, 0, 0) >= 0 || (errno != EPERM && errno != ENOSYS))
            wrong = printf("call %ld: %d\n", calls[i], errno);
    }
    if (!wrong) puts("held");
}
