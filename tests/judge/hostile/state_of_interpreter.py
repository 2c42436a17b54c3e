# expect: AC AC AC
# submissions: 2
# Changes everything in the interpreter that a test after it may be a copy of.
import builtins
import os
import random
import signal
import sys
import threading

left = []
if hasattr(builtins, "left") or hasattr(os, "left") or "left" in sys.modules or "left" in sys.path:
    left.append("names")
if sys.getrecursionlimit() != 1000 or sys.gettrace() or threading.active_count() != 1:
    left.append("limits")
if signal.getsignal(signal.SIGTERM) != signal.SIG_DFL or signal.pthread_sigmask(signal.SIG_BLOCK, ()):
    left.append("signals")
if len({1, 2}) != 2 or sorted([2, 1]) != [1, 2] or int("7") != 7 or os.listdir("/tmp"):
    left.append("behaviour")
print(left or "held")
sys.stdout.flush()

builtins.left = os.left = sys.modules["left"] = sys
sys.path.insert(0, "left")
sys.setrecursionlimit(5000)
sys.settrace(lambda *_: None)
random.seed(1)
signal.signal(signal.SIGTERM, lambda *_: None)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
builtins.sorted = builtins.int = lambda *_: 0
os.listdir = lambda *_: ["left"]
open("/tmp/os.py", "w").write("print('left')")
open("/tmp/sitecustomize.py", "w").write("print('left')")
os.mkdir("/tmp/__pycache__")

