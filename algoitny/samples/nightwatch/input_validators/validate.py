import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"(0|[1-9]\d*)\n((0|[1-9]\d*) [1-9]\d*\n)*", text)
n, *numbers = map(int, text.split())
assert n <= 8_000
assert len(numbers) == 2 * n
assert all(0 <= s < e <= 20_000_000 for s, e in zip(numbers[::2], numbers[1::2]))
sys.exit(42)
