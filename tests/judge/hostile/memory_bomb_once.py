# expect: MLE
print(len(bytearray(10**12)))
