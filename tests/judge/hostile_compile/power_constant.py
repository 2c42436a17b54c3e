# expect: CE|TLE|MLE|RTE
x = 9**9**9**9
