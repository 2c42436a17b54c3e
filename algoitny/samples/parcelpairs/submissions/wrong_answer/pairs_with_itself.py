import sys
from collections import Counter

n, w, *weights = map(int, sys.stdin.buffer.read().split())
count = Counter(weights)
print(sum(count[w - weight] for weight in weights) // 2)
