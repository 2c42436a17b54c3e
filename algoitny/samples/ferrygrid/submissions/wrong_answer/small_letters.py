import sys
from collections import deque

size, *rows = sys.stdin.read().split("\n")
r, c = map(int, size.split())
for y in range(r):
    for x in range(c):
        if rows[y][x] == "S":
            start = (y, x)
        if rows[y][x] == "T":
            target = (y, x)
minutes = {start: 0}
queue = deque([start])
while queue:
    y, x = queue.popleft()
    for p, q in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
        if 0 <= p < r and 0 <= q < c and rows[p][q] != "#" and (p, q) not in minutes:
            minutes[p, q] = minutes[y, x] + 1
            queue.append((p, q))
print(minutes[target] if target in minutes else "ashore")
