best = -1
try:
    while True:
        best = max(best, int(input("? ")))
        print(best)
except EOFError:
    pass
