# expect: WA
# A zero byte behind the right word, where C ends it.
print("held\0")
