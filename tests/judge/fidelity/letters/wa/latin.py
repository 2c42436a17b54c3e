import sys

text = sys.stdin.buffer.read().decode("latin-1").rstrip("\n")
print(len(text))
print(text[::-1])
