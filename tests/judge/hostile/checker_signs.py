# expect: WA
# checker: floats
# answer: 1
# limits: time_ms=2000 wall_ms=6000
# Hard for an expression that goes back and tries again.
print("+" + "1" * 500_000 + "e" + "+" * 10 + "1" * 500_000 + "x")
