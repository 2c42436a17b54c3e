import sys

text = sys.stdin.buffer.read().decode("utf-8").rstrip("\n")
sys.stdout.buffer.write(f"{len(text)}\n{text[::-1]}\n".encode())
