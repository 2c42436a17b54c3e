import sys

words = " ".join(sys.stdin.readlines()).split()
print(sum(int(word) for word in words) - int(words[0]))
