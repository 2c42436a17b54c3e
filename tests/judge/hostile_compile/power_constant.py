# expect: CE|TLE|MLE|RTE
# limits: time_ms=500 wall_ms=6000
# A constant that no machine can calculate.
x = 9**9**9**9
