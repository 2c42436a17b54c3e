import os

print(sum(map(int, input().split())))
os._exit(0)
