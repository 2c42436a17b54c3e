import sys

n, *following = map(int, sys.stdin.buffer.read().split())
distance = [0] * (n + 1)
for post, target in enumerate(following, 1):
    distance[post] = distance[target] + 1
print(max(distance), distance.count(max(distance)))
