# expect: AC
# The check before the tests runs nothing of the program: it would have nothing to write to.
import os
import sys

if "compile" in sys.argv or len(sys.argv) != 1:
    raise SystemExit("run as something else")
print("held" if os.getpid() != 1 else "PID 1")
