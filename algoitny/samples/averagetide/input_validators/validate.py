import re
import sys

text = sys.stdin.read()
integer = r"(0|-?[1-9]\d*)"
assert re.fullmatch(rf"[1-9]\d* [1-9]\d*\n{integer}( {integer})*\n", text)
n, k, *heights = map(int, text.split())
assert 1 <= k <= n <= 20_000
assert len(heights) == n
assert all(abs(height) <= 10**6 for height in heights)
sys.exit(42)
