import sys

n, w, *weights = map(int, sys.stdin.buffer.read().split())
seen = {}
pairs = 0
for weight in weights:
    pairs += seen.get(w - weight, 0)
    seen[weight] = seen.get(weight, 0) + 1
print(pairs)
