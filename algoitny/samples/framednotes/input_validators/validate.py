import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"[1-9]\d*\n[ -~\n]*\n", text)
n, *lines = text[:-1].split("\n")
assert 1 <= int(n) <= 200
assert len(lines) == int(n)
assert all(len(line) <= 60 and line == line.strip() for line in lines)
sys.exit(42)
