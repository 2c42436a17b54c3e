# expect: WA
# limits: time_ms=2000 wall_ms=6000 output_bytes=16777217 memory_mb=128
# A word of 16 MiB.
import sys

for _ in range(256):
    sys.stdout.write("h" * 65536)
