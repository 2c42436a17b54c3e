# expect: OLE
# Writes for ever, from several processes.
import os

for _ in range(4):
    if os.fork() == 0:
        break
while True:
    os.write(1, b"held" * 4096)
