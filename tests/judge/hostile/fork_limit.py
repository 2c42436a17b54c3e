# expect: AC
# Counts how many processes it may have.
import os
import time

count = 0
try:
    while count < 1000:
        if os.fork() == 0:
            os.setsid()
            time.sleep(30)
            os._exit(0)
        count += 1
except OSError:
    pass
print("held" if 8 <= count <= 32 else count)
