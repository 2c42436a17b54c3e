import sys

n = int(input())
for _ in range(n):
    print(int(sys.stdin.readline()) + 1)
