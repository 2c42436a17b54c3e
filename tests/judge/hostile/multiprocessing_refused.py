# expect: RTE
# The same through a library that learners know: a clear end, no hanging.
import multiprocessing

if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        print(pool.map(abs, [-1, 2]))
