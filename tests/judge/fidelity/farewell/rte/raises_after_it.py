print(sum(map(int, input().split())))
print([][0])
