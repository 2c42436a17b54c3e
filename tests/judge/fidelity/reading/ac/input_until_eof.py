words = []
while True:
    try:
        words += input().split()
    except EOFError:
        break
print(sum(map(int, words[1:])))
