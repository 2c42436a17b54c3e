import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"[1-9]\d* [1-9]\d*\n([.#ST]+\n)+", text)
size, *rows = text[:-1].split("\n")
r, c = map(int, size.split())
assert 1 <= r <= 150
assert 1 <= c <= 150
assert len(rows) == r
assert all(len(row) == c for row in rows)
assert text.count("S") == text.count("T") == 1
sys.exit(42)
