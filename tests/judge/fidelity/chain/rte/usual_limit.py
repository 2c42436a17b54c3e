n = int(input())
up = [0, 0, *map(int, input().split())]


def depth(i):
    return 1 if i == 1 else 1 + depth(up[i])


print(max(depth(i) for i in range(n, 0, -1)))
