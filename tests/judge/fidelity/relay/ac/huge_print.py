print(*(int(input()) + 1 for _ in range(int(input()))), sep="\n")
