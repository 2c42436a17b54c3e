import threading

input()
x = list(map(int, input().split()))
thread = threading.Thread(target=lambda: print(sum(x) // 0))
thread.start()
thread.join()
