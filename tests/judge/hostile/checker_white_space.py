# expect: AC
# limits: time_ms=2000 wall_ms=6000 output_bytes=16777216 memory_mb=128
# A right answer between millions of blanks.
print(" \t\v\f\r\n" * 1_000_000, "held", "\n" * 1_000_000)
