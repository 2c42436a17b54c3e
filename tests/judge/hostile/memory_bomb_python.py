# expect: MLE
# Takes memory for ever, in pieces.
kept = []
while True:
    kept.append("x" * 1000000)
