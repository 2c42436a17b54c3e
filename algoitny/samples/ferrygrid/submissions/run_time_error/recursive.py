import sys

size, *rows = sys.stdin.read().split("\n")
r, c = map(int, size.split())
reached = set()


def sail(y, x):
    if not (0 <= y < r and 0 <= x < c) or rows[y][x] == "#" or (y, x) in reached:
        return
    reached.add((y, x))
    for p, q in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
        sail(p, q)


for y in range(r):
    for x in range(c):
        if rows[y][x] == "S":
            start = (y, x)
        if rows[y][x] == "T":
            target = (y, x)
sail(*start)
if target not in reached:
    print("ASHORE")
else:
    minutes, level, seen = 0, {start}, {start}
    while target not in level:
        minutes += 1
        level = {
            (p, q)
            for y, x in level
            for p, q in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1))
            if (p, q) in reached and (p, q) not in seen
        }
        seen |= level
    print(minutes)
