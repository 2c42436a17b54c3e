def mirror(sign):
    if len(sign) < 2:
        return True
    return sign[0] == sign[-1] and mirror(sign[1:-1])


for _ in range(int(input())):
    sign = input().replace(" ", "").lower()
    print("yes" if mirror(sign) else "no")
