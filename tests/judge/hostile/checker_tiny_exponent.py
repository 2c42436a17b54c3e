# expect: AC
# checker: floats
# answer: 0
# A number so small that it is none; it is near enough to nothing.
print("1e-400000")
