import sys

n, *numbers = map(int, sys.stdin.buffer.read().split())
events = sorted([(s, 0) for s in numbers[::2]] + [(e, 1) for e in numbers[1::2]])
now = most = 0
for _, leaves in events:
    now += -1 if leaves else 1
    most = max(most, now)
print(most)
