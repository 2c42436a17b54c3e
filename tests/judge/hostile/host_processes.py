# expect: AC
# Looks at the processes of the machine, and at what /proc tells of the runner.
import os

seen = {int(name) for name in os.listdir("/proc") if name.isdigit()}
if seen != {1, os.getpid()}:
    raise SystemExit(f"processes {seen}")
for name in ("mem", "environ", "maps", "fd", "root", "cwd", "exe", "auxv", "syscall", "stack"):
    path = f"/proc/1/{name}"
    try:
        if os.path.islink(path):
            os.readlink(path)
        elif os.path.isdir(path):
            os.listdir(path)
        else:
            open(path, "rb").read(1)
        raise SystemExit(f"{path} of the runner")
    except OSError:
        pass
print("held")
