# expect: AC
# Reaches for any network, its own loopback too.
import socket
import urllib.request

for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            socket.socket(family, kind)
            raise SystemExit("a socket")
        except OSError:
            pass
try:
    urllib.request.urlopen("http://127.0.0.1:9/", timeout=1)
    raise SystemExit("a page")
except OSError:
    pass
print("held")
