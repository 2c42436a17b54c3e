import sys

for n in map(int, sys.stdin.read().split()):
    if n % 2 == 0:
        print(n)
