table = bytearray(10**14)
print(len(table))
