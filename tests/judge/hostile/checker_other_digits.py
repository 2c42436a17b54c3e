# expect: WA
# checker: floats
# answer: 12
# Digits of other scripts, which Python reads as numbers.
print("\uff11\uff12", "\u0661\u0662")
