import sys

n, m, *mossy = map(int, sys.stdin.read().split())
slippery = set(mossy)
before, last, here = 0, 0, 1
for step in range(1, n + 1):
    ways = 0 if step in slippery else (before + last + here) % 1_000_000_007
    before, last, here = last, here, ways
print(here)
