import threading

input()
x = list(map(int, input().split()))
sums = [0] * 4
threads = [threading.Thread(target=lambda k=k: sums.__setitem__(k, sum(x[k::4]))) for k in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sum(sums))
