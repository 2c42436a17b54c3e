for _ in range(int(input())):
    sign = input().replace(" ", "").lower()
    print("yes" if sign == sign[::-1] else "no")
