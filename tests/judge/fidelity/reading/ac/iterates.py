import sys

words = iter(word for line in iter(sys.stdin.readline, "") for word in line.split())
print(sum(int(next(words)) for _ in range(int(next(words)))))
