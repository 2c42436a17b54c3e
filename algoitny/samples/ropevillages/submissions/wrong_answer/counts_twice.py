import sys

n, m, *ends = map(int, sys.stdin.buffer.read().split())
leader = list(range(n + 1))
size = [1] * (n + 1)
largest = 1


def find(village):
    while leader[village] != village:
        leader[village] = leader[leader[village]]
        village = leader[village]
    return village


for a, b in zip(ends[::2], ends[1::2]):
    a, b = find(a), find(b)
    leader[b] = a
    size[a] += size[b]
    largest = max(largest, size[a])
    print(largest)
