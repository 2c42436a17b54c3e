# expect: CE
# What parses and does not compile.
print("held")
return 1
