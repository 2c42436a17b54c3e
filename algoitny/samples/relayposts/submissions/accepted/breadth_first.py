import sys

n, *following = map(int, sys.stdin.buffer.read().split())
senders = [[] for _ in range(n + 1)]
for post, target in enumerate(following, 1):
    senders[target].append(post)
distance, level = 0, [0]
while True:
    farther = [post for target in level for post in senders[target]]
    if not farther:
        break
    distance, level = distance + 1, farther
print(distance, len(level))
