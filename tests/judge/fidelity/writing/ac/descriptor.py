import os

for i in range(1, int(input()) + 1):
    os.write(1, b"%d\n" % i)
