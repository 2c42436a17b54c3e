# expect: AC AC AC
# Each test looks for what one before it left in the memory that it is a copy of.
import ctypes
import os
import re
import subprocess
import sys
import time

wanted = re.compile(rb"former[-]test[-]was")
found = set()
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        place, rights, *_, name = line.split(None, 5) if line.count(" ") > 5 else (*line.split(), "")
        if "r" not in rights or name.startswith("[v"):
            continue
        low, high = (int(part, 16) for part in place.split("-"))
        for at in range(low, high, 1 << 20):
            try:
                memory.seek(at)
                data = memory.read(min(1 << 20, high - at))
            except (OSError, ValueError, OverflowError):
                continue
            if wanted.search(data):
                found.add(name.strip() or place)
print(sorted(found) or "held")

trace = "-".join(("former", "test", "was"))
kept = [ctypes.create_string_buffer(trace.encode() * 100) for _ in range(100)]
os.mkdir(trace)
open(f"{trace}/{trace}", "w").write(trace)
os.environ[trace] = trace
sys.stderr.write(trace)
ctypes.CDLL(None).prctl(15, trace.encode(), 0, 0, 0)
subprocess.run([sys.executable, "-c", "pass", trace])
time.sleep(0.05)
