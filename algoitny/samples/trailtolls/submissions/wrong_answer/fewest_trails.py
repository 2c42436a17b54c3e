import sys
from collections import deque

n, m, *numbers = map(int, sys.stdin.buffer.read().split())
trails = [[] for _ in range(n + 1)]
for a, b, toll in zip(numbers[::3], numbers[1::3], numbers[2::3]):
    trails[a].append((b, toll))
    trails[b].append((a, toll))
paid = {1: 0}
queue = deque([1])
while queue:
    here = queue.popleft()
    for there, toll in trails[here]:
        if there not in paid:
            paid[there] = paid[here] + toll
            queue.append(there)
print(paid.get(n, -1))
