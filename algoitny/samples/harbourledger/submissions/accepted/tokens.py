import sys

n, *numbers = map(int, sys.stdin.buffer.read().split())
print(sum(q * p for q, p in zip(numbers[::2], numbers[1::2])))
