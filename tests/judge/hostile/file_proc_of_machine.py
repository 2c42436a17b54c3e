# expect: AC
# Reads what /proc has of the machine's memory, kernel, keys and log.
found = []
for name in ("kcore", "kmsg", "cmdline", "keys", "kpagecount", "kpageflags", "kpagecgroup", "slabinfo", "vmallocinfo",
             "timer_list", "sched_debug", "mtrr", "sys/kernel/cap_last_cap/x", "sys/vm/drop_caches",
             "sys/kernel/usermodehelper/bset", "sys/fs/suid_dumpable/x", "acpi/event", "iomem/x", "config.gz/x"):
    try:
        with open(f"/proc/{name}", "rb") as file:
            if file.read(1):
                found.append(name)
    except OSError:
        pass
for name in ("kallsyms", "iomem", "ioports", "modules"):
    try:
        with open(f"/proc/{name}") as file:
            words = file.readline().replace(":", " ").replace("-", " ").split()
        if name == "kallsyms" and int(words[0], 16) or name[0] == "i" and words and int(words[1], 16):
            found.append(f"addresses in {name}")
    except OSError:
        pass
for name in ("sysrq-trigger", "sys/kernel/core_pattern", "sys/kernel/hostname", "sys/vm/overcommit_memory",
             "self/oom_score_adj", "self/coredump_filter", "self/comm", "self/sched", "self/attr/current",
             "self/loginuid", "self/mem", "irq/0/smp_affinity", "sys/kernel/ns_last_pid", "sys/user/max_user_namespaces"):
    try:
        open(f"/proc/{name}", "wb", 0).close()
        if name != "self/mem":
            found.append(f"{name} to write")
    except OSError:
        pass
print(found or "held")
