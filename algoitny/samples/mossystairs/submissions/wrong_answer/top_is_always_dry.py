import sys

n, m, *mossy = map(int, sys.stdin.read().split())
slippery = set(mossy) - {n}
ways = [1] + [0] * n
for step in range(1, n + 1):
    if step not in slippery:
        ways[step] = sum(ways[max(0, step - 3) : step]) % 1_000_000_007
print(ways[n])
