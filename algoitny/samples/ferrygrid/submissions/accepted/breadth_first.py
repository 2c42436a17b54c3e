import sys
from collections import deque

size, *rows = sys.stdin.read().split("\n")
r, c = map(int, size.split())
# A border of reeds, so that no move needs to ask whether it leaves the map.
lake = "#" * (c + 1) + "".join(row + "#" for row in rows[:r]) + "#" * (c + 1)
start, target = lake.index("S"), lake.index("T")
minutes = {start: 0}
waiting = deque([start])
while waiting and target not in minutes:
    here = waiting.popleft()
    for there in (here - 1, here + 1, here - c - 1, here + c + 1):
        if lake[there] != "#" and there not in minutes:
            minutes[there] = minutes[here] + 1
            waiting.append(there)
print(minutes.get(target, "ASHORE"))
