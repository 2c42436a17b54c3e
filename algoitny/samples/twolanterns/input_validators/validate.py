import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"[ \n]*(0|-?[1-9]\d*)[ \n]+(0|-?[1-9]\d*)[ \n]*\n", text)
assert all(abs(int(token)) <= 10**18 for token in text.split())
sys.exit(42)
