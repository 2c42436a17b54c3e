with open("/dev/stdin") as file:
    print(sum(int(word) for word in file.read().split()[1:]))
