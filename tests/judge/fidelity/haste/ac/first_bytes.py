import os

print(os.read(0, 100).split()[0].decode())
