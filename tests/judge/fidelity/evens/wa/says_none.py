import sys

print("\n".join(n for n in sys.stdin.read().split() if int(n) % 2 == 0) or None)
