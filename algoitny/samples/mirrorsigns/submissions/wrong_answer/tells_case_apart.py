for _ in range(int(input())):
    sign = input().replace(" ", "")
    print("Yes" if sign == sign[::-1] else "No")
