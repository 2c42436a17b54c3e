import heapq
import sys

n, *x = map(int, sys.stdin.buffer.read().split())
heapq.heapify(x)
for _ in range(n // 2):
    heapq.heappop(x)
print(x[0])
