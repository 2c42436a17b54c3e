# expect: WA
# A mark in front of the right word, which editors do not show.
print("\ufeffheld")
