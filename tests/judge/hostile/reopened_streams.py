# expect: AC AC
# Opens its streams anew, and leaves something in its input for the next test.
import os

for name in ("/dev/stdin", "/proc/self/fd/0"):
    try:
        writing = os.open(name, os.O_RDWR | os.O_NONBLOCK)
        os.write(writing, b"for the next test")
    except OSError:
        pass
waiting = os.read(0, 100)
if waiting not in (b"for the next test" * 2,):
    raise SystemExit(f"read {waiting!r}")
print("held", file=open("/dev/stdout", "w"))
