from concurrent.futures import ThreadPoolExecutor

input()
x = list(map(int, input().split()))
with ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(sum, (x[k::4] for k in range(4)))))
