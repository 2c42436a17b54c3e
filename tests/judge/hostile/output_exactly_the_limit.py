# expect: AC
# limits: output_bytes=8
# answer: 1234567
# As much as is allowed.
print("1234567")
