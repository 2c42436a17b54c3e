import sys

sys.stdout.reconfigure(line_buffering=True)
best = -1
while line := sys.stdin.readline():
    best = max(best, int(line))
    print(best)
