import sys

n, m, *ends = map(int, sys.stdin.buffer.read().split())
community = list(range(n + 1))
size = [1] * (n + 1)
largest = 1
for a, b in zip(ends[::2], ends[1::2]):
    ours, theirs = community[a], community[b]
    if ours != theirs:
        for village in range(1, n + 1):
            if community[village] == theirs:
                community[village] = ours
        size[ours] += size[theirs]
        largest = max(largest, size[ours])
    print(largest)
