# expect: AC AC
# Looks for what a test before left in the environment, and leaves much.
import os

if len(os.environ) > 8 or "LEFT" in os.environ:
    raise SystemExit(str(os.environ))
for name in ("LEFT", "LD_PRELOAD", "PYTHONSTARTUP", "PYTHONPATH", "GLIBC_TUNABLES", "TMPDIR", "BASH_ENV"):
    os.environ[name] = "/tmp/left"
for number in range(2000):
    os.environ[f"LEFT_{number}"] = "x" * 50
print("held")
