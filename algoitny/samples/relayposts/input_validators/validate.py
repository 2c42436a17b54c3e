import re
import sys

text = sys.stdin.read()
assert re.fullmatch(r"(0|[1-9]\d*)\n((0|[1-9]\d*)( (0|[1-9]\d*))*)?\n", text)
n, *following = map(int, text.split())
assert n <= 20_000
assert len(following) == n
arrives = {0}
for post in range(1, n + 1):
    way = set()
    while post not in arrives:
        assert post not in way, "a message that goes round in a circle"
        way.add(post)
        post = following[post - 1]
        assert 0 <= post <= n
    arrives |= way
sys.exit(42)
