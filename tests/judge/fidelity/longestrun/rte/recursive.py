def runs(s, i):
    if i == len(s):
        return 0
    n = 1
    while i + n < len(s) and s[i + n] == s[i]:
        n += 1
    return max(n, runs(s, i + n))


print(runs(input(), 0))
