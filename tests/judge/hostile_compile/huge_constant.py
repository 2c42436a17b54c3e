# expect: MLE|TLE|RTE|CE|ILE
# A constant of 1 TB, which an optimizer might calculate.
x = 'a' * 10**6 * 10**6
