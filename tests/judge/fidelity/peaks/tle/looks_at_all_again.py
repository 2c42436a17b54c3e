import sys

seen = []
for line in sys.stdin:
    seen.append(line)
    print(max(map(int, seen)))
