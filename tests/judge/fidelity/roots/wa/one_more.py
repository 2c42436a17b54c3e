import sys

for x in [*sys.stdin.read().split()[1:], 4]:
    print(float(x) ** 0.5)
