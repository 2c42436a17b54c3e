import sys

note = [line for line in sys.stdin.read().split("\n")[1:] if line]
width = max(map(len, note), default=0)
print("#" * (width + 4))
for line in note:
    print("# " + line + " " * (width - len(line)) + " #")
print("#" * (width + 4))
