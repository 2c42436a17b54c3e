# expect: ILE
import time

print("held", flush=True)
time.sleep(60)
