import heapq
import sys

n, m, *numbers = map(int, sys.stdin.buffer.read().split())
trails = [[] for _ in range(n + 1)]
for a, b, toll in zip(numbers[::3], numbers[1::3], numbers[2::3]):
    trails[a].append((b, toll))
    trails[b].append((a, toll))
settled = [False] * (n + 1)
waiting = [(0, 1)]
answer = -1
while waiting:
    paid, village = heapq.heappop(waiting)
    if village == n:
        answer = paid
        break
    if settled[village]:
        continue
    settled[village] = True
    for there, toll in trails[village]:
        if not settled[there]:
            heapq.heappush(waiting, (paid + toll, there))
print(answer)
