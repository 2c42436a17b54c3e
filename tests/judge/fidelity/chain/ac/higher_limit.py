import sys

sys.setrecursionlimit(1 << 20)
n = int(input())
up = [0, 0, *map(int, input().split())]
known = {1: 1}


def depth(i):
    if i not in known:
        known[i] = 1 + depth(up[i])
    return known[i]


print(max(depth(i) for i in range(n, 0, -1)))
