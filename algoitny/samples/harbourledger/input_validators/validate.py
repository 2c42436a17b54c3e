import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"\d+\n(\n*(0|-?[1-9]\d*) (0|[1-9]\d*)\n)*", text)
n, *numbers = map(int, text.split())
assert n <= 8_000
assert len(numbers) == 2 * n
assert all(abs(q) <= 10**6 for q in numbers[::2])
assert all(p <= 10**6 for p in numbers[1::2])
sys.exit(42)
