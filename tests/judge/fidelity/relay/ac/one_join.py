import sys

numbers = sys.stdin.buffer.read().split()[1:]
sys.stdout.write("\n".join(str(int(n) + 1) for n in numbers))
