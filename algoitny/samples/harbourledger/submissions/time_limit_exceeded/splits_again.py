import sys

text = sys.stdin.read()
position = 0


def next_number():
    global position
    position += 1
    return int(text.split()[position - 1])


n = next_number()
total = 0
for _ in range(n):
    q = next_number()
    p = next_number()
    total += q * p
print(total)
