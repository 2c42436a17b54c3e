# expect: WA
# checker: floats
# answer: 1
# What is near to everything, relatively.
print("inf")
