for n in input().split():
    if int(n) % 2 == 0:
        print(n)
