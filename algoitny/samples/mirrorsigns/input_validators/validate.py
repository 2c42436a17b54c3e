import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"[1-9]\d*\n[A-Za-z \n]*\n", text)
n, *signs = text[:-1].split("\n")
assert 1 <= int(n) <= 100
assert len(signs) == int(n)
assert sum(map(len, signs)) <= 120_000
sys.exit(42)
