import sys

rows = sys.stdin.read().split("\n")[1:]
for y, row in enumerate(rows):
    if "S" in row:
        start = (y, row.index("S"))
    if "T" in row:
        target = (y, row.index("T"))
print(abs(start[0] - target[0]) + abs(start[1] - target[1]))
