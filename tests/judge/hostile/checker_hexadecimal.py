# expect: WA
# checker: floats
# answer: 8
# Another notation of the right number, which C reads and the rules do not.
print((8.0).hex())
