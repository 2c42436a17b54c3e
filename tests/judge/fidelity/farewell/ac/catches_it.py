try:
    print(sum(map(int, input().split())))
    print(input())
except EOFError:
    pass
