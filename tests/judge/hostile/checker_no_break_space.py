# expect: WA
# answer: held fast
# A space that is no space.
print("held\u00a0fast")
