# expect: RTE
# limits: memory_mb=128
# Only says so: a program cannot choose among the judge's failures, except its own.
import os
import sys

sys.stderr.write("killed: out of memory\n")
os.abort()
