# expect: AC AC
# submissions: 2
# Leaves a moment on what all boxes share, where the next one would find it.
import os

left = []
for place in ("/", "/box", __file__, "/proc", "/dev", "/dev/null", "/dev/random", "/dev/urandom", "/usr/lib",
              "/runner", os.path.realpath("/proc/self/exe")):
    for times in (None, (86400, 86400)):
        try:
            os.utime(place, times)
            left.append(place)
        except OSError:
            pass
for place in ("/dev/null", "/dev/random", "/dev/urandom"):
    before = os.stat(place)
    for change in (lambda: os.chmod(place, before.st_mode ^ 0o7), lambda: os.chown(place, -1, os.getgid())):
        try:
            change()
            left.append(place)
        except OSError:
            pass
    with open(place, "r+b", 0) as device:
        device.write(b"x")
        device.read(1)
    after = os.stat(place)
    if (before.st_mtime_ns, before.st_atime_ns) != (after.st_mtime_ns, after.st_atime_ns):
        left.append(f"{place} by use")
print(sorted(set(left)) or "held")
