# expect: WA
# checker: floats
# answer: 1
# What is not a number is equal to nothing, or so they say.
print("nan")
