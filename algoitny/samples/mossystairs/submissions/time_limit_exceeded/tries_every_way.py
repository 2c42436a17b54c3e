import sys

n, m, *mossy = map(int, sys.stdin.read().split())
sys.setrecursionlimit(200_000)


def ways(step):
    if step < 0 or step in mossy:
        return 0
    if step == 0:
        return 1
    return ways(step - 1) + ways(step - 2) + ways(step - 3)


print(ways(n) % 1_000_000_007)
