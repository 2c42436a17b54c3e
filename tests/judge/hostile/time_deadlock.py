# expect: ILE
# limits: time_ms=300 wall_ms=500
# Two threads that wait for each other.
import threading

one, two = threading.Lock(), threading.Lock()
both = threading.Barrier(2)


def take(first, second):
    with first:
        both.wait()
        with second:
            pass


thread = threading.Thread(target=take, args=(one, two))
thread.start()
take(two, one)
