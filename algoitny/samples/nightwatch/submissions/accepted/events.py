import sys

n, *numbers = map(int, sys.stdin.buffer.read().split())
# At the same second leaving (-1) sorts before arriving (+1).
events = sorted([(s, 1) for s in numbers[::2]] + [(e, -1) for e in numbers[1::2]])
now = most = 0
for _, change in events:
    now += change
    most = max(most, now)
print(most)
