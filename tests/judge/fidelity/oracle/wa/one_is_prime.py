n = int(input())
print("Yes" if all(n % d for d in range(2, n)) else "No")
