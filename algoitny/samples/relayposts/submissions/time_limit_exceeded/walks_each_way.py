import sys

n, *following = map(int, sys.stdin.buffer.read().split())
best, count = 0, 1
for start in range(1, n + 1):
    steps, post = 0, start
    while post != 0:
        post = following[post - 1]
        steps += 1
    if steps > best:
        best, count = steps, 1
    elif steps == best:
        count += 1
print(best, count)
