import sys

n, m, *numbers = map(int, sys.stdin.buffer.read().split())
trails = [[] for _ in range(n + 1)]
for a, b, toll in zip(numbers[::3], numbers[1::3], numbers[2::3]):
    trails[a].append((b, toll))
    trails[b].append((a, toll))
far = 10**18
paid = [far] * (n + 1)
paid[1] = 0
settled = [False] * (n + 1)
for _ in range(n):
    here = 0
    for village in range(1, n + 1):
        if not settled[village] and paid[village] < paid[here]:
            here = village
    if here == 0:
        break
    settled[here] = True
    for there, toll in trails[here]:
        if paid[here] + toll < paid[there]:
            paid[there] = paid[here] + toll
print(paid[n] if paid[n] < far else -1)
