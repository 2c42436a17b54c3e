import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"[1-9]\d* (0|[1-9]\d*)\n([1-9]\d* [1-9]\d* (0|[1-9]\d*)\n)*", text)
n, m, *numbers = map(int, text.split())
assert n <= 6_000
assert m <= 7_000
assert len(numbers) == 3 * m
assert all(village <= n for village in [*numbers[::3], *numbers[1::3]])
assert all(toll <= 10**9 for toll in numbers[2::3])
sys.exit(42)
