import sys

sys.stdout.writelines(f"{i}\n" for i in range(1, int(input()) + 1))
