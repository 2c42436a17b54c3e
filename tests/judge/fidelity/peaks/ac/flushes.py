import sys

best = -1
for line in sys.stdin:
    best = max(best, int(line))
    print(best, flush=True)
