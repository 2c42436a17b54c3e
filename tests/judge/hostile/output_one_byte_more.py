# expect: OLE
# limits: output_bytes=7
# answer: 1234567
# One byte more than is allowed, and it is only the end of the line.
print("1234567")
