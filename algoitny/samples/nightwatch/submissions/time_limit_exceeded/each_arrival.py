import sys

n, *numbers = map(int, sys.stdin.buffer.read().split())
turns = list(zip(numbers[::2], numbers[1::2]))
most = 0
for moment, _ in turns:
    here = 0
    for s, e in turns:
        if s <= moment < e:
            here += 1
    most = max(most, here)
print(most)
