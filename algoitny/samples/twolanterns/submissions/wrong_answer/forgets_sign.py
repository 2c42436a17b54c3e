import sys

a, b = (int(token.lstrip("-")) for token in sys.stdin.read().split())
print(a + b)
