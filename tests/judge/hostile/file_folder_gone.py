# expect: AC AC AC
# Removes the folder that it is in, and leaves a descriptor's worth of others that are deleted.
import os

if os.getcwd() != "/tmp" or os.listdir():
    raise SystemExit(f"{os.getcwd()} with {os.listdir()}")
for number in range(30):
    os.mkdir(f"/tmp/{number}")
    os.chdir(f"/tmp/{number}")
    kept = os.open(".", os.O_RDONLY)
    os.rmdir(f"/tmp/{number}")
try:
    os.getcwd()
except FileNotFoundError:
    print("held")
