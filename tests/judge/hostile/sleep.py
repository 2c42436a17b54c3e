# expect: ILE
# limits: time_ms=400 wall_ms=500
# Does nothing, for long.
import time

print("held", flush=True)
time.sleep(60)
