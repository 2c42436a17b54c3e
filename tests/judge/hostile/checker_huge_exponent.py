# expect: WA WA
# checker: floats
# answer: 1
# A number with an exponent that no memory holds.
print("1e999999999999999999")
