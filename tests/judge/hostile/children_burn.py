# expect: TLE
# limits: time_ms=400 wall_ms=1500
# Spreads its work over children.
import os
import time

children = []
for _ in range(4):
    pid = os.fork()
    if pid == 0:
        while time.process_time() < 0.4:
            pass
        os._exit(0)
    children.append(pid)
for pid in children:
    os.waitpid(pid, 0)
print("held")
