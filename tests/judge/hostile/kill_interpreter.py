# expect: AC AC
# The interpreter that waits in its box: no signal reaches it, and nothing reads or changes it.
import ctypes
import os
import resource
import signal

done = []
if {int(name) for name in os.listdir("/proc/self/fd")} - {0, 1, 2, 3}:
    done.append("descriptors")
for number in range(1, signal.NSIG):
    try:
        os.kill(1, number)
    except OSError:
        pass
try:
    signal.pidfd_send_signal(os.pidfd_open(1), signal.SIGINT)
except OSError:
    pass
libc = ctypes.CDLL(None, use_errno=True)
if libc.ptrace(16, 1, 0, 0) == 0:
    done.append("traced")
buffer = ctypes.create_string_buffer(16)


class Vector(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]


here = Vector(ctypes.addressof(buffer), 16)
# Its memory is laid out as ours: the address is one that it has.
there = Vector(id(os), 16)
for call in (libc.process_vm_readv, libc.process_vm_writev):
    if call(1, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) >= 0:
        done.append(call.__name__)
for name in ("mem", "maps", "environ", "fd/0", "task/1/mem", "syscall", "auxv"):
    for mode in ("rb", "r+b"):
        try:
            open(f"/proc/1/{name}", mode).read(1)
            done.append(name)
        except OSError:
            pass
try:
    resource.prlimit(1, resource.RLIMIT_CPU, (1, 1))
    done.append("prlimit")
except OSError:
    pass
try:
    os.setpriority(os.PRIO_PROCESS, 1, 19)
    done.append("priority")
except OSError:
    pass
print(done or "held")
