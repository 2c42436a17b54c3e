with open("/dev/stdout", "w") as out:
    for i in range(1, int(input()) + 1):
        print(i, file=out)
