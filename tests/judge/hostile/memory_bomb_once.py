# expect: MLE
# Asks for more at once than there is.
print(len(bytearray(10**12)))
