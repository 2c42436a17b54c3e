# expect: AC
import os

allowed = {"bin", "box", "dev", "etc", "lib", "lib32", "lib64", "proc", "runner", "sbin", "tmp",
           "usr", "opt", "root", "home"}
found = set(os.listdir("/")) - allowed
for place in ("/etc/passwd", "/etc/shadow", "/root/.ssh", "/home", "/var", "/run", "/sys", "/srv",
              "/usr/bin/sh", "/bin/sh", "/usr/sbin", "/usr/share", "/usr/local/bin"):
    if os.path.exists(place):
        found.add(place)
if set(os.listdir("/etc")) - {"ld.so.cache"}:
    found.add("/etc")
if os.listdir("/box") != ["main.py"]:
    found.add("/box")
print(sorted(found) or "held")
