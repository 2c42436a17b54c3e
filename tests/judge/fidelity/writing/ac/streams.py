import io
import sys

sys.stdout = io.TextIOWrapper(open(sys.stdout.fileno(), "wb", 0), write_through=True)
for i in range(1, int(input()) + 1):
    print(i)
