for _ in range(int(input())):
    letters = list(input().replace(" ", "").lower())
    mirror = True
    while len(letters) > 1:
        if letters[0] != letters[-1]:
            mirror = False
        letters = letters[1:-1]
    print("yes" if mirror else "no")
