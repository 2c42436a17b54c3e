_, *x = map(int, open(0))if False else map(int, open(0).read().split())
print(sum(x))
