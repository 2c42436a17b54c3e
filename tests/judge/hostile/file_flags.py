# expect: AC AC
# Makes files that cannot be removed: append-only, immutable, in folders without any right.
import fcntl
import os
import struct

if os.listdir("/tmp"):
    raise SystemExit("left behind")
os.mkdir("/tmp/folder")
fd = os.open("/tmp/folder/file", os.O_CREAT | os.O_WRONLY)
for flag in (0x10, 0x20, 0x40, 0x80):
    try:
        fcntl.ioctl(fd, 0x40086602, struct.pack("l", flag))
        raise SystemExit("flagged")
    except OSError:
        pass
os.fchmod(fd, 0)
os.chmod("/tmp/folder", 0)
os.chmod("/tmp", 0)
print("held")
