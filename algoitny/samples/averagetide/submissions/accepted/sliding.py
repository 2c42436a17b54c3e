import sys

n, k, *heights = map(int, sys.stdin.read().split())
window = best = sum(heights[:k])
for old, new in zip(heights, heights[k:]):
    window += new - old
    best = max(best, window)
print(f"{best / k:.9f}")
