# expect: WA
# limits: time_ms=2000 wall_ms=6000 output_bytes=16777217 memory_mb=128
# checker: floats
# answer: 1
# A number of 16 million digits.
import sys

for _ in range(256):
    sys.stdout.write("1" * 65536)
