import sys

words = sys.stdin.read().split()
n = int(words[0])
note = [words[i] for i in range(1, 10 * n)]
width = max(map(len, note))
print("#" * (width + 4))
for line in note:
    print("# " + line.ljust(width) + " #")
print("#" * (width + 4))
