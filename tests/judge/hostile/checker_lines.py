# expect: WA
# checker: unordered-lines
# limits: time_ms=2000 wall_ms=6000
# Half a million different lines where order does not matter.
print("\n".join(map(str, range(150_000))))
