import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"[1-9]\d* (0|[1-9]\d*)\n([1-9]\d*( [1-9]\d*)*)?\n", text)
n, m, *mossy = map(int, text.split())
assert 1 <= n <= 100_000
assert m <= 10_000
assert len(mossy) == m
assert mossy == sorted(set(mossy))
assert all(1 <= step <= n for step in mossy)
sys.exit(42)
