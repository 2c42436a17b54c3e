# expect: RTE|MLE
# The same within an interpreter that was told to allow it.
import sys

sys.setrecursionlimit(10**9)


def deeper(n):
    return deeper(n + 1) + 1


print(deeper(0))
