# expect: TLE
# limits: time_ms=300 wall_ms=2000
# The right answer does not help who never ends.
print("held", flush=True)
while True:
    pass
