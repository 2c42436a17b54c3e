# expect: WA
# limits: time_ms=2000 wall_ms=6000 output_bytes=16777216
# checker: floats
# answer: 1
# A million numbers that are equal to the one that is wanted.
print("1.0 " * 1_000_000)
