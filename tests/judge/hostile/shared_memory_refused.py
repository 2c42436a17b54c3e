# expect: RTE
# Memory that processes share shows in none of them, so there is none: the program is told, and fails.
import mmap

mmap.mmap(-1, 1 << 20)
print("held")
