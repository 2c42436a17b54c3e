import sys

n, *numbers = map(int, sys.stdin.read().split())
print(*(x + 1 for x in numbers), sep="\n")
while n > 1000:
    print("and so on")
