# expect: WA
# checker: floats
# answer: 1
# Digits and an exponent that would take each other back, one step too far.
print("0." + "0" * 900 + "1e900")
