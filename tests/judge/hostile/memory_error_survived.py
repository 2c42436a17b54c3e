# expect: AC
# Asks for far too much, is refused, and gets along without: no verdict follows from that.
try:
    x = bytearray(10**13)
except MemoryError:
    print("held")
