# expect: AC AC
# Names that are hard to handle: of any bytes, as long as they may be, like the cleaning's own.
import os

if os.listdir(b"/tmp"):
    raise SystemExit("left behind")
names = [b"\n", b"\xff\xfe", b" ", b"-rf", b"*", b"..\n", b"\x01", b"x" * 255, b"...", "\u202e".encode(),
         b"a\\b", b"$(id)", b"%s%n", b".-"]
names += [b".%d-%d" % (number, number) for number in range(50)]
for name in names:
    os.mkdir(b"/tmp/" + name)
    for inner in names:
        open(os.path.join(b"/tmp", name, inner), "w").close()
os.chmod(b"/tmp/" + names[0], 0)
print("held")
