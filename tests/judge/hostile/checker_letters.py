# expect: WA
# checker: case-insensitive
# answer: STRASSE I
# Letters whose capital is another word.
print("straße ı")
