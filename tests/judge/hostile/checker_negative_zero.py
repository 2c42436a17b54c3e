# expect: AC
# checker: floats
# answer: 0.0
# Nothing, from below.
print("-0")
