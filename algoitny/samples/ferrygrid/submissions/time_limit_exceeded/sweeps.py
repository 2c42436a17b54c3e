import sys

size, *rows = sys.stdin.read().split("\n")
r, c = map(int, size.split())
far = r * c
minutes = [[0 if rows[y][x] == "S" else far for x in range(c)] for y in range(r)]
changed = True
while changed:
    changed = False
    for y in range(r):
        for x in range(c):
            if rows[y][x] == "#":
                continue
            for p, q in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                if 0 <= p < r and 0 <= q < c and minutes[p][q] + 1 < minutes[y][x]:
                    minutes[y][x] = minutes[p][q] + 1
                    changed = True
for y in range(r):
    for x in range(c):
        if rows[y][x] == "T":
            print(minutes[y][x] if minutes[y][x] < far else "ASHORE")
