import os

best = 0
while part := os.read(0, 65536).decode():
    run, before = 0, ""
    for c in part:
        run = run + 1 if c == before else 1
        before = c
        best = max(best, run)
print(best)
