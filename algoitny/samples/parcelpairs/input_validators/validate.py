import re
import sys

text = sys.stdin.read()
integer = r"(0|-?[1-9]\d*)"
assert re.fullmatch(rf"(0|[1-9]\d*) {integer}\n({integer}( {integer})*)?\n", text)
n, w, *weights = map(int, text.split())
assert n <= 90_000
assert len(weights) == n
assert all(abs(weight) <= 10**9 for weight in [w, *weights])
sys.exit(42)
