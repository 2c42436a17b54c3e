print(sum(map(int, input().split())))
raise SystemExit
