import sys
from functools import cache

n, m, *mossy = map(int, sys.stdin.read().split())
slippery = set(mossy)


@cache
def ways(step):
    if step < 0 or step in slippery:
        return 0
    if step == 0:
        return 1
    return (ways(step - 1) + ways(step - 2) + ways(step - 3)) % 1_000_000_007


print(ways(n))
