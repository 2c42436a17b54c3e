import sys

for x in sys.stdin.read().split()[1:]:
    print(f"{float(x) ** 0.5:.12f}".replace(".", ","))
