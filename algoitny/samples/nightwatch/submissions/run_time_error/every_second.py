import sys
from itertools import accumulate

n, *numbers = map(int, sys.stdin.buffer.read().split())
change = [0] * 20_000_001
for s, e in zip(numbers[::2], numbers[1::2]):
    change[s] += 1
    change[e] -= 1
print(max(accumulate(change)))
