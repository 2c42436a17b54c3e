n = int(input())
note = [input() for _ in range(n)]
width = max(map(len, note))
border = "#" * (width + 4)
print(border)
for line in note:
    print(f"# {line:<{width}} #")
print(border)
