# expect: WA
# limits: time_ms=4000 wall_ms=8000
# Looks for the expected output in all that can be read, and prints it when it is there.
import os
import re

wanted = re.compile(rb"the-expected-output-[0-9]+")
own = open(__file__, "rb").read()

def look(data):
    found = wanted.search(data.replace(own, b""))
    if found:
        print(found[0].decode())
        raise SystemExit

for folder, folders, names in os.walk("/"):
    if folder.startswith("/usr"):
        folders.clear()
        continue
    for name in names:
        path = os.path.join(folder, name)
        if path.startswith(("/dev/", "/proc/kmsg", "/proc/self/mem")) or not os.path.isfile(path):
            continue
        try:
            with open(path, "rb") as file:
                look(file.read(1 << 20))
        except OSError:
            pass
print("nothing found")
