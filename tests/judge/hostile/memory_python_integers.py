# expect: MLE|TLE
# limits: time_ms=600 wall_ms=2000
# Numbers that double.
x = 3
while True:
    x = x * x
