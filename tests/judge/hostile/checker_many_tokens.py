# expect: WA
# limits: time_ms=2000 output_bytes=16777216
# A million tokens.
print("held " * 1_000_000)
