# expect: AC AC
# submissions: 2
# Locks what all boxes read, so that nobody else could use it.
import fcntl
import os

held = []
for place in ("/usr/lib", "/dev/null", "/dev/urandom", "/box", __file__, os.path.realpath("/proc/self/exe"), "/runner"):
    try:
        fd = os.open(place, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        continue
    for lock in (lambda: fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB),
                 lambda: fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB),
                 lambda: fcntl.lockf(fd, fcntl.LOCK_SH | fcntl.LOCK_NB),
                 lambda: fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK),
                 lambda: fcntl.fcntl(fd, fcntl.F_NOTIFY, 1)):
        try:
            lock()
            held.append(place)
        except OSError:
            pass
print(held or "held")
