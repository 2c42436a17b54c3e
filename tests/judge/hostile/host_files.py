# expect: AC
# Looks for files of the machine in all the usual places.
import os

allowed = {"bin", "box", "dev", "etc", "lib", "lib32", "lib64", "proc", "runner", "runner.so",
           "sbin", "tmp", "usr", "opt", "root", "home"}
found = set(os.listdir("/")) - allowed
for place in ("/etc/passwd", "/etc/shadow", "/root/.ssh", "/home", "/var", "/run", "/sys", "/srv",
              "/usr/bin/sh", "/bin/sh", "/usr/sbin", "/usr/share", "/usr/local/bin"):
    if os.path.exists(place):
        found.add(place)
for name in set(os.listdir("/etc")) - {"ld.so.cache"}:
    # What the package of a Java keeps there, to be started with.
    if not name.startswith("java") or set(os.listdir("/etc/" + name)) - {"jvm-amd64.cfg", "security"}:
        found.add("/etc/" + name)
if os.listdir("/box") != ["main.py"]:
    found.add("/box")
print(sorted(found) or "held")
