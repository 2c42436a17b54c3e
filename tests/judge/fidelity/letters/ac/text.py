text = input()
print(len(text))
print(text[::-1])
