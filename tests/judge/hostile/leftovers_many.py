# expect: AC AC
# Leaves more than can be removed in a moment.
import os

if os.listdir("/tmp"):
    raise SystemExit("left behind")
for number in range(5000):
    os.symlink("x", f"/tmp/{number}")
os.chdir("/tmp")
for _ in range(3000):
    os.mkdir("d")
    os.chdir("d")
print("held")
