import sys

sys.stderr.write("debugging\n" * 20_000)
print(sum(map(int, input().split())))
print("Traceback (most recent call last):\nMemoryError", file=sys.stderr)
