n = int(input())
print("Y" if n > 1 and all(n % d for d in range(2, n)) else "N")
