import sys

lines = sys.stdin.read().split("\n")
n, w = map(int, lines[0].split())
weights = sorted(map(int, lines[1].split()))
lightest = weights[0]
seen = {}
pairs = 0
for weight in weights:
    if w - weight >= lightest:
        pairs += seen.get(w - weight, 0)
    seen[weight] = seen.get(weight, 0) + 1
print(pairs)
