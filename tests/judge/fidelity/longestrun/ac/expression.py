import re

print(max(len(m[0]) for m in re.finditer(r"(.)\1*", input())))
