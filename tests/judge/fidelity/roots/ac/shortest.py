import math
import sys

for x in sys.stdin.read().split()[1:]:
    print(math.sqrt(float(x)))
