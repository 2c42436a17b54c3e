import fileinput

words = [int(word) for line in fileinput.input() for word in line.split()]
print(sum(words[1:]))
