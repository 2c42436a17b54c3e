import sys
from decimal import Decimal

print(" ".join(str(Decimal(x).sqrt()) for x in sys.stdin.read().split()[1:]))
