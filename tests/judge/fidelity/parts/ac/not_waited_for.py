import threading

input()
x = list(map(int, input().split()))
threading.Thread(target=lambda: print(sum(x))).start()
