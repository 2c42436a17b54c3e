# expect: MLE|TLE|RTE|CE|ILE
x = 'a' * 10**6 * 10**6
