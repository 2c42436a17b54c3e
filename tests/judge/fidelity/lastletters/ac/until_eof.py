try:
    while True:
        print((input().strip() or "-")[-1])
except EOFError:
    pass
