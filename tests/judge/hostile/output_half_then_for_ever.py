# expect: TLE
# limits: time_ms=300 wall_ms=2000
# Half a line, then work without end: it is not wrong, it is slow.
import sys

sys.stdout.write("he")
sys.stdout.flush()
while True:
    pass
