# expect: AC AC
# Looks for a mount that can be written, or where programs get the rights of their owners.
import os
import stat

found = []
for line in open("/proc/self/mountinfo"):
    fields = line.split()
    place, options = fields[4], fields[5].split(",")
    if "nosuid" not in options:
        found.append(f"{place} gives rights")
    if "ro" not in options and place != "/tmp" and not stat.S_ISCHR(os.stat(place).st_mode):
        found.append(f"{place} can be written")
    if "nodev" not in options and not stat.S_ISCHR(os.stat(place).st_mode):
        found.append(f"{place} has devices")
print(found or "held")
