# expect: MLE
# Says that it got no memory and fails: that is the limit's doing, whatever the peak was.
try:
    x = bytearray(10**13)
except MemoryError:
    raise SystemExit("MemoryError")
