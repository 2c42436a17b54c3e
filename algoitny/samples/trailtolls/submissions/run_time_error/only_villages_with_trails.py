import heapq
import sys

n, m, *numbers = map(int, sys.stdin.buffer.read().split())
trails = {}
for a, b, toll in zip(numbers[::3], numbers[1::3], numbers[2::3]):
    trails.setdefault(a, []).append((b, toll))
    trails.setdefault(b, []).append((a, toll))
done = {}
heap = [(0, 1)]
while heap:
    paid, here = heapq.heappop(heap)
    if here in done:
        continue
    done[here] = paid
    for there, toll in trails[here]:
        heapq.heappush(heap, (paid + toll, there))
print(done.get(n, -1))
