import sys

n, *following = map(int, sys.stdin.buffer.read().split())
known = {0: 0}


def distance(post):
    if post not in known:
        known[post] = distance(following[post - 1]) + 1
    return known[post]


distances = [distance(post) for post in range(n + 1)]
print(max(distances), distances.count(max(distances)))
