# expect: WA
# checker: floats
# answer: 1000
# An underscore within a number, which Python reads.
print("1_000")
