import sys

print("".join(str(int(n) + 1) for n in sys.stdin.read().split()[1:]))
