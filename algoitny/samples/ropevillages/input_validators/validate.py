import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"[1-9]\d* [1-9]\d*\n([1-9]\d* [1-9]\d*\n)+", text)
n, m, *ends = map(int, text.split())
assert n <= 20_000
assert m <= 12_000
assert len(ends) == 2 * m
assert all(village <= n for village in ends)
sys.exit(42)
