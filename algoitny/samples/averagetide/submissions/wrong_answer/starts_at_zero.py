import sys

n, k, *heights = map(int, sys.stdin.read().split())
window = sum(heights[:k])
best = max(0, window)
for i in range(k, n):
    window += heights[i] - heights[i - k]
    best = max(best, window)
print(best / k)
