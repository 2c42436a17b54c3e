import sys

for line in sys.stdin.buffer:
    line = line.rstrip()
    sys.stdout.buffer.write((line[-1:] or b"-") + b"\n")
