seed = int(input())
table = [(seed * 1_000_003 + i * 7919) % 2_147_483_647 for i in range(6_000_000)]
print(table[3_999_999])
