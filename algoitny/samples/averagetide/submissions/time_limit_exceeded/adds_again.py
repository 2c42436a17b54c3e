import sys

n, k, *heights = map(int, sys.stdin.read().split())
best = None
for start in range(n - k + 1):
    total = 0
    for i in range(start, start + k):
        total += heights[i]
    if best is None or total > best:
        best = total
print(best / k)
