n, k = map(int, input().split())
heights = list(map(int, input().split()))
best = None
window = sum(heights[:k])
for start in range(n - k + 1):
    if best is None or window > best:
        best = window
    window += heights[start + k] - heights[start]
print(best / k)
