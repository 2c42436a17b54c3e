n = int(input())
note = [input() for _ in range(n)]
width = max(len(line) for line in note)
print("#" * (width + 4))
for line in note:
    print("#", line.ljust(width), "# ")
print("#" * (width + 4))
