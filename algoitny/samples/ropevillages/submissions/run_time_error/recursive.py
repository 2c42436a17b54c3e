import sys

n, m, *ends = map(int, sys.stdin.buffer.read().split())
leader = list(range(n + 1))
size = [1] * (n + 1)
largest = 1


def find(village):
    if leader[village] == village:
        return village
    return find(leader[village])


for a, b in zip(ends[::2], ends[1::2]):
    a, b = find(a), find(b)
    if a != b:
        leader[a] = b
        size[b] += size[a]
        largest = max(largest, size[b])
    print(largest)
