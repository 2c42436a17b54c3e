import sys

n, m, *ends = map(int, sys.stdin.buffer.read().split())
leader = list(range(n + 1))
size = [1] * (n + 1)
largest = 1
found = []
for a, b in zip(ends[::2], ends[1::2]):
    while leader[a] != a:
        leader[a] = a = leader[leader[a]]
    while leader[b] != b:
        leader[b] = b = leader[leader[b]]
    if a != b:
        if size[a] < size[b]:
            a, b = b, a
        leader[b] = a
        size[a] += size[b]
        largest = max(largest, size[a])
    found.append(largest)
print("\n".join(map(str, found)))
