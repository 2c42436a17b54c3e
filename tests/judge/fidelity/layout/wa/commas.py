width, *words = input().split()
for i in range(0, len(words), int(width)):
    print(",".join(words[i : i + int(width)]))
