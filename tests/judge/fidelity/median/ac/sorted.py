n = int(input())
print(sorted(map(int, input().split()))[n // 2])
