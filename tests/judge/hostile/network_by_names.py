# expect: AC
# Asks for names and addresses, of the machine and of the world.
import os
import socket

found = []
for name in ("localhost", "example.org", socket.gethostname(), "127.0.0.1", "::1"):
    for port in (22, 53, 80, 3306, 5432, 5672, 6379, 8000):
        try:
            socket.create_connection((name, port), 0.2)
            found.append(f"{name} {port}")
        except OSError:
            pass
for path in ("/run/docker.sock", "/var/run/docker.sock", "/run/systemd/private", "/dev/log", "/run/dbus/system_bus_socket"):
    if os.path.exists(path):
        found.append(path)
for name in ("tcp", "udp", "unix", "arp", "route"):
    try:
        if len(open(f"/proc/net/{name}").readlines()) > 1:
            found.append(f"somebody in {name}")
    except OSError:
        pass
try:
    if [line.split(":")[0].strip() for line in open("/proc/net/dev").readlines()[2:]] not in (["lo"], []):
        found.append("an interface")
except OSError:
    pass
print(found or "held")
