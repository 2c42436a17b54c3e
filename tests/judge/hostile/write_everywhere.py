# expect: AC
# Writes to all that it finds.
import os

written = []
for folder, folders, names in os.walk("/"):
    if folder.startswith(("/tmp", "/proc")):
        folders.clear()
        continue
    try:
        with open(folder + "/left-behind", "w"):
            written.append(folder)
    except OSError:
        pass
    for name in names[:3]:
        path = folder + "/" + name
        if path in ("/dev/null", "/dev/random", "/dev/urandom") or os.path.islink(path):
            continue
        try:
            with open(path, "ab"):
                written.append(path)
        except OSError:
            pass
        try:
            os.chmod(path, 0o777)
            written.append(path)
        except OSError:
            pass
for path in ("/proc/sys/kernel/core_pattern", "/proc/self/oom_score_adj", "/proc/self/comm",
             "/proc/sysrq-trigger", "/proc/1/oom_score_adj", "/proc/self/uid_map"):
    try:
        with open(path, "w") as file:
            file.write("1")
        written.append(path)
    except OSError:
        pass
print(written or "held")
