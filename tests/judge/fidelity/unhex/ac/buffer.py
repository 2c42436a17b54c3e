import sys

sys.stdout.buffer.write(bytes.fromhex(input()))
