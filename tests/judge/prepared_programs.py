"""Small programs that look at everything a start of Python decides, by families.

Each is run both ways and must come out the same, so none prints an address, a time, a process id or
the order of a set.
"""

from __future__ import annotations

import sys

from tests.judge.prepared_ends import ENDS, ERRORS, EXITS, GC
from tests.judge.prepared_program import Program, each, expressions

NAMESPACE = expressions(
    "import sys",
    "sys.argv, sys.orig_argv",
    "sys.path",
    "sys.flags",
    "sys.executable, sys.prefix, sys.base_prefix, sys.exec_prefix",
    "sys.modules.keys()",
    "[(k, v) for k, v in globals().items() if k not in ('__builtins__', '__loader__', 'sys')]",
    "type(__loader__), __loader__.name, __loader__.path, __builtins__, __spec__, __file__",
    "'__annotations__' in globals(), '__cached__' in globals(), __doc__, __package__",
    "sys.modules['__main__'].__dict__ is globals(), __import__('__main__').__name__",
    "sorted(sys.path_importer_cache), [str(h).split(' at ')[0] for h in sys.path_hooks]",
    "sys.meta_path",
    "sys.getrecursionlimit(), sys.getswitchinterval(), sys.get_int_max_str_digits()",
    "sys.getfilesystemencoding(), sys.getfilesystemencodeerrors(), sys.getdefaultencoding()",
    "sys.warnoptions, sys._xoptions, sys.dont_write_bytecode, sys.pycache_prefix",
    "sys.stdin, sys.stdout, sys.stderr",
    "[(s.line_buffering, s.write_through, s.errors, s.newlines, s.encoding, s.isatty(),"
    " s.buffer.raw.mode, s.buffer.raw._blksize, s.buffer.seekable(), s.fileno(), vars(s))"
    " for s in (sys.stdin, sys.stdout, sys.stderr)]",
    "sys.__stdin__ is sys.stdin, sys.__stdout__ is sys.stdout, sys.__stderr__ is sys.stderr",
    "[n for n in dir(sys)], hasattr(sys, 'ps1'), hasattr(sys, 'last_type')",
    "sys.gettrace(), sys.getprofile(), sys.displayhook, sys.excepthook, sys.is_finalizing()",
    "sys.getallocatedblocks() > 0, sys.getrefcount(object()), sys.getsizeof([]), sys.float_info",
    "sys.getsizeof(sys.modules), sys.getsizeof(globals()), sys.getrefcount(sys)",
    "sys._getframe().f_back, sys._getframe().f_code.co_filename, sys._getframe().f_lineno",
    "dir(__builtins__), exit, quit, copyright, help",
    "sorted(set(dir()) - {'x'})",
) + expressions(
    "import os",
    "dict(os.environ), os.getcwd(), os.getuid(), os.getppid(), os.getpgrp(), os.umask(0)",
    "open('/proc/self/environ').read().rstrip('\\0'), open('/proc/self/comm').read()",
    "open('/proc/self/cmdline').read()",
    "sorted(os.listdir('/proc/self/fd')), [os.get_inheritable(n) for n in range(3)]",
    "[line for line in open('/proc/self/status') if line[:3] in ('Sig', 'Shd', 'Cap', 'NoN', 'Sec',"
    " 'Thr', 'Uma')]",
    "open('/proc/self/limits').read()",
    "os.get_terminal_size if not os.isatty(0) else None, os.ctermid(), os.times().user < 5",
    "sorted(os.listdir('/dev')), sorted(os.listdir('/box')), sorted(os.listdir('/tmp'))",
)

READ = (
    "print(input())",
    "print(input('prompt '))",
    "while True: print(repr(input()))",
    "import sys\nprint([line for line in sys.stdin])",
    "import sys\nprint(repr(sys.stdin.read()))",
    "import sys\nprint(sys.stdin.buffer.read())",
    "import sys\nprint(sys.stdin.readline(), sys.stdin.buffer.peek(4))",
    "import os\nprint(os.read(0, 5), input())",
    "print(open(0, 'rb').read())",
    "print(open('/dev/stdin', newline='').read().encode('utf-8', 'surrogateescape'))",
    "import fileinput\nprint(list(fileinput.input()))",
    "import sys\nfor line in sys.stdin:\n  print(line, end='')\n  break\nprint(sys.stdin.read())",
    "import sys\nsys.stdin.reconfigure(encoding='latin-1')\nprint(ascii(sys.stdin.read()))",
    "import sys\nsys.stdin.seek(0)",
    "import sys\nprint(sys.stdin.tell())",
    "import sys\ninput = sys.stdin.readline\nprint([input() for _ in range(4)])",
    "import io, os\nprint(io.BytesIO(os.read(0, 1 << 20)).readline())",
    "import mmap\nmmap.mmap(0, 0)",
)
STDIN = [
    Program(source.encode(), given)
    for source in READ
    for given in (b"", b"one\ntwo\n", b"a\r\nb\rc\0d \xc3\xa9\xff\nlast", b"x" * 70_000 + b"\nend")
]

RECURSION = each(
    "def f(n): return n and 1 + f(n - 1)\nprint(f(900))",
    "def f(n): return n and 1 + f(n - 1)\nprint(f(990))",
    "d = 0\ndef f():\n global d\n d += 1\n f()\ntry: f()\nexcept RecursionError: print(d)",
    "import sys\nsys.setrecursionlimit(10**6)\ndef f(n): return n and 1 + f(n - 1)\nprint(f(50000))",
    "import sys\nsys.setrecursionlimit(10**9)\nclass A:\n def __eq__(s, o): return s == o\nA() == 1",
    "import sys, functools\nsys.setrecursionlimit(10**6)\n@functools.lru_cache(None)\n"
    "def f(n): return n and 1 + f(n - 1)\nprint(f(20000))",
    "import sys, threading\nsys.setrecursionlimit(10**6)\ndef f(n): return max([n and 1 + f(n - 1)])\n"
    "t = threading.Thread(target=lambda: print(f(30000)))\nt.start()\nt.join()",
    "import sys, threading\nthreading.stack_size(1 << 26)\nsys.setrecursionlimit(10**6)\n"
    "def f(n): return n and 1 + f(n - 1)\nt = threading.Thread(target=lambda: print(f(100000)))\n"
    "t.start()\nt.join()",
    "x = []\nfor _ in range(100000): x = [x]\ndel x\nprint('end')",
    "x = []\nfor _ in range(100000): x = [x]\nrepr(x)",
    "x = []\nfor _ in range(100000): x = [x]\nx == eval('[' * 50 + ']' * 50)\nprint(len(x))",
    "eval('(' * 300 + ')' * 300)",
    "import re\nprint(bool(re.match('(a|b)*', 'ab' * 50000)))",
    "import sys\nsys.setrecursionlimit(5)",
    "import sys\ntry: sys.setrecursionlimit(1)\nexcept RecursionError as e: print(e)",
    "import json\njson.loads('[' * 100000)",
    "import pickle\nx = []\nfor _ in range(5000): x = [x]\npickle.dumps(x)",
)

THREADS = each(
    "import threading\nt = threading.Thread(target=print, args=('in',))\nt.start(); t.join()",
    "import threading, time\nt = threading.Thread(target=lambda: (time.sleep(.05), print('late')))\n"
    "t.start()",
    "import threading, time\nt = threading.Thread(target=lambda: (time.sleep(9), print('late')),"
    " daemon=True)\nt.start()\nprint('end')",
    "import threading\ndef f(): 1/0\nt = threading.Thread(target=f)\nt.start(); t.join()",
    "import threading, sys\nt = threading.Thread(target=sys.exit, args=(3,))\nt.start(); t.join()\n"
    "print('goes on')",
    "import threading, time, sys\nt = threading.Thread(target=lambda: (time.sleep(.05), print('x')))\n"
    "t.start()\nsys.exit(4)",
    "import threading, os\nprint(threading.main_thread().native_id == os.getpid(),"
    " threading.active_count(), threading.current_thread().name)",
    "import _thread\ndone = _thread.allocate_lock()\ndone.acquire()\n"
    "_thread.start_new_thread(lambda: (print('x'), done.release()), ())\ndone.acquire()\n"
    "print('end')",
    "import _thread, time\n_thread.start_new_thread(time.sleep, (9,))\nprint('end')",
    "import threading\nx = threading.local()\nx.a = 1\nprint(x.a)",
    "from concurrent.futures import ThreadPoolExecutor as T\nwith T(3) as t: print(list(t.map(abs,"
    " [-1, 2])))",
    "from concurrent.futures import ThreadPoolExecutor as T\nt = T(1)\nt.submit(print, 'late')",
    "import threading\nt = threading.Timer(.03, print, ('timer',))\nt.start()",
    "import queue, threading\nq = queue.Queue()\nthreading.Thread(target=lambda: q.put(1)).start()\n"
    "print(q.get())",
    "import threading\nthreading.Thread(target=lambda: __import__('_thread').interrupt_main())"
    ".start()\nwhile True: pass",
    "import asyncio\nasync def f():\n await asyncio.sleep(.01)\n return 1\nprint(asyncio.run(f()))",
    "import asyncio\nasync def f(): await asyncio.sleep(9)\nl = asyncio.new_event_loop()\n"
    "l.create_task(f())\nl.call_soon(l.stop)\nl.run_forever()",
    "import subprocess, sys\nprint(subprocess.run([sys.executable, '-c', 'print(input())'],"
    " input='x', text=True, capture_output=True))",
    "import subprocess, sys\nprint(subprocess.check_output([sys.executable, '-I', '-c',"
    " 'import os; print(sorted(os.environ))']))",
    "import multiprocessing as m\ndef f(n): return n * n\nif __name__ == '__main__':\n"
    " m.set_start_method('fork')\n r, w = m.Pipe()\n p = m.Process(target=lambda: w.send(f(4)))\n"
    " p.start(); p.join(); print(r.recv(), p.exitcode)",
    "import os\nr, w = os.pipe()\nif os.fork() == 0:\n os.write(w, b'x'); os._exit(3)\n"
    "print(os.read(r, 1), os.wait()[1])",
    "import os\nos.register_at_fork(before=lambda: print('before', flush=True),"
    " after_in_child=lambda: print('child', flush=True))\nif os.fork(): os.wait()",
    "import signal\nprint([(s.name, str(signal.getsignal(s))) for s in signal.Signals if "
    "signal.getsignal(s) != signal.SIG_DFL and s.name != 'SIGINT'], signal.pthread_sigmask(0, []))",
    "import signal, os\nsignal.signal(signal.SIGUSR1, lambda *a: print('got'))\n"
    "os.kill(os.getpid(), signal.SIGUSR1)",
    "import signal, time\nsignal.signal(signal.SIGALRM, lambda *a: 1/0)\nsignal.setitimer(0, .01)\n"
    "time.sleep(5)",
    "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nimport os\nos.kill(os.getpid(), 2)\n"
    "print('ignored')",
    "import signal\nsignal.signal(signal.SIGINT, signal.SIG_DFL)\nimport os\nos.thing = 1\nprint(1)",
    "import signal\nsignal.raise_signal(signal.SIGSEGV)",
    "import faulthandler, ctypes\nfaulthandler.enable()\nctypes.string_at(0)",
)

SPEAKS_OF_ITSELF = (
    "import inspect\ndef f(): return 1\nprint(inspect.getsource(f), inspect.getfile(f))",
    "import inspect\nclass A:\n x = 1\nprint(inspect.getsource(A))",
    "import linecache\nprint(linecache.getline(__file__, 1))",
    "import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))), pickle.dumps(A))",
    "import copy\nclass A:\n def __init__(s): s.x = [1]\nprint(copy.deepcopy(A()).x)",
    "import typing\nclass A:\n x: 'A'\n y: typing.Optional[int]\nprint(typing.get_type_hints(A))",
    "from dataclasses import *\n@dataclass(order=True, slots=True)\nclass P:\n x: int\n"
    " y: list = field(default_factory=list)\nprint(P(1), P(1) < P(2), fields(P))",
    "import enum\nclass E(enum.Enum):\n A = enum.auto()\nprint(E.A, list(E), E.__module__)",
    "from collections import namedtuple\nP = namedtuple('P', 'x y')\nprint(P(1, 2), P.__module__)",
    "import abc\nclass A(abc.ABC):\n @abc.abstractmethod\n def f(s): ...\nA()",
    "from collections.abc import Sequence\nclass S(Sequence):\n def __len__(s): return 2\n"
    " def __getitem__(s, i): return [1, 2][i]\nprint(list(S()), 1 in S(), isinstance([], Sequence))",
    "import sys\ndef t(f, e, a): print(e, f.f_lineno, f.f_code.co_name); return t\n"
    "def g():\n  return 1\nsys.settrace(t)\ng()\nsys.settrace(None)",
    "import sys\nn = 0\ndef p(f, e, a):\n global n\n n += 1\nsys.setprofile(p)\nlen([])\n"
    "sys.setprofile(None)\nprint(n)",
    "import trace, cProfile, timeit\nprint(timeit.timeit('1', number=1) < 1)",
    "import runpy\nprint(sorted(k for k in runpy.run_path('/box/main.py', run_name='x')))"
    " if __name__ == '__main__' else None",
    "import __main__\nprint(__main__.__file__, __main__.print)",
    "import main",
    "import sys\nsys.path.insert(0, '/box')\nimport main\nprint(main.__name__, main.__file__)",
    "if __name__ == '__main__': print('main')\nelse: print('not')",
    "import doctest\ndef f():\n '''\n >>> f()\n 1\n '''\n return 1\nprint(doctest.testmod())",
    "import unittest\nclass T(unittest.TestCase):\n def test(s): s.assertEqual(1, 1)\n"
    "print(unittest.TextTestRunner(stream=open('/dev/null', 'w')).run(unittest.defaultTestLoader"
    ".loadTestsFromTestCase(T)))",
    "import tokenize\nprint(len(list(tokenize.tokenize(open(__file__, 'rb').readline))))",
    "import builtins\nbuiltins.print = lambda *a: None\nprint('silent')",
    "import os\nos.getcwd = lambda: 'patched'\nprint(os.getcwd())",
    "import importlib, os\nimportlib.reload(os)\nprint(os.getcwd())",
    "import sys\nfor name in list(sys.modules): del sys.modules[name]\nprint('end')",
    "import sys\nsys.modules.clear()\nprint('end')",
    "globals().clear()",
    "import gc, sys\nfor m in list(sys.modules.values()):\n  if m.__name__ == 'os': vars(m).clear()\n"
    "print('end')",
    "import locale, codecs\nprint(locale.getlocale(), locale.getpreferredencoding(),"
    " codecs.lookup('utf-8').name, 'é'.encode('cp1252'))",
    "import random\nrandom.seed(5)\nprint(random.random(), random.sample(range(99), 5))",
    "import random, os\nprint(random.random() != random.random(), len(os.urandom(8)))",
    "import time\nprint(time.process_time() < 1, time.thread_time() < 1, time.monotonic() > 0)",
    "import resource\nu = resource.getrusage(0)\nprint(u.ru_utime < 1, u.ru_maxrss < 40000)",
    "import tempfile\nwith tempfile.TemporaryFile() as f: f.write(b'x')\nprint(tempfile.gettempdir())",
    "import site, sysconfig\nprint(site.ENABLE_USER_SITE, sysconfig.get_paths()['stdlib'])",
    "import tracemalloc\ntracemalloc.start()\nx = [0] * 1000\nprint(tracemalloc.is_tracing())",
    "import logging\nlogging.warning('logged')\nlogging.info('not')",
    "import argparse\nprint(argparse.ArgumentParser().prog, argparse.ArgumentParser().parse_args())",
    "import platform\nprint(platform.python_version(), platform.system())",
    "print(help)\nhelp(len)",
    "license",
    "print(license)",
    "breakpoint()",
)

NUMBERS = expressions(
    "import decimal, fractions, math, sys\nsys.stdout.reconfigure(line_buffering=True)",
    "10**4000",
    "10**5000",
    "int('9' * 5000)",
    "len(str(3**9000))",
    "sys.set_int_max_str_digits(0), len(str(10**20000))",
    "decimal.getcontext(), decimal.Decimal(1) / 3",
    "decimal.Decimal('1e999999') * 10",
    "fractions.Fraction(0.1)",
    "0.1 + 0.2, 1e308 * 10, -0.0, float('nan')",
    "math.factorial(500)",
    "pow(3, -1, 7), 7 // -2, divmod(-7, 2)",
    "hash(1), hash(2**61 - 1), hash(1.5), hash((1, 2)), hash(None) == hash(None)",
    "sorted({3, 1, 2}), {1: 2}, frozenset([1])",
    "[round(x / 2) for x in range(9)]",
    "f'{1e22!r} {123456789:,} {0.5:.0f} {255:#x}'",
    "b'\\xff'.decode('utf-8', 'replace'), 'ß'.upper(), '\\N{SNOWMAN}'",
    "bytes(range(256)), bytearray(b'x'), memoryview(b'abc')[1:].tobytes()",
    "complex(1, -0.0), 1j ** 2",
)

MEMORY = each(
    "x = bytearray(100 << 20)\nprint(len(x))",
    "try: x = bytearray(1 << 40)\nexcept MemoryError: print('refused')",
    "bytearray(1 << 40)",
    "x = [0] * (1 << 60)",
    "' ' * (1 << 60)",
    "print('x' * 1_000_000)",
    "import sys\nsys.stdout.buffer.write(bytes(range(256)) * 300)",
    "import sys\nfor n in range(20000): print(n)",
    "import sys\nfor n in range(200): print(n, file=sys.stderr if n % 2 else sys.stdout)",
    "print(end='')",
    "print('a', 'b', sep='', end='\\r\\n')",
    "import sys\nprint('held back', end='')\nsys.stderr.write('at once')",
    "import sys\nsys.stdout.write('x' * 5000)\nimport os\nos._exit(0)",
    "import sys\nsys.stdout.reconfigure(encoding='ascii')\nprint('é')",
    "import sys\nsys.stdout.reconfigure(newline='\\r\\n')\nprint('x')",
    "import sys\nsys.stdout.reconfigure(line_buffering=True)\nprint('x')\nimport os\nos._exit(0)",
    "open('/tmp/f', 'w').write('x' * 1000)\nprint(open('/tmp/f').read()[-3:])",
    "import os\nos.mkdir('d'); os.chdir('d'); print(os.getcwd())",
    "open('/box/x', 'w')",
)

# Imports of these start something, or print by the time or the terminal.
NOT_IMPORTED = {"antigravity", "this", "idlelib", "turtledemo", "turtle", "tkinter", "lib2to3"}
MODULES = [
    name for name in sorted(sys.stdlib_module_names - NOT_IMPORTED) if not name.startswith("_")
]
IMPORT = """
import sys
before = set(sys.modules)
for name in {names}:
    try:
        __import__(name)
    except Exception as error:
        print(name, type(error).__name__, error)
print([name for name in sys.modules if name not in before])
print(sys.path, sys.warnoptions, len(sys.meta_path))
"""
IMPORTS = each(
    *(IMPORT.format(names=MODULES[at : at + 12]) for at in range(0, len(MODULES), 12)),
    *(
        f"import sys\nbefore = set(sys.modules)\nimport {name}\nprint(sorted(set(sys.modules) - before))"
        f"\nprint(type({name}.__loader__), {name}.__spec__.origin, getattr({name}, '__file__', None))"
        for name in [
            "collections",
            "heapq",
            "bisect",
            "itertools",
            "functools",
            "math",
            "string",
            "re",
            "random",
            "decimal",
            "fractions",
            "array",
            "copy",
            "datetime",
            "statistics",
            "typing",
            "operator",
            "io",
            "os",
            "time",
            "json",
            "queue",
            "atexit",
            "gc",
            "threading",
            "weakref",
            "contextlib",
            "enum",
            "dataclasses",
            "numbers",
            "cmath",
            "textwrap",
            "pprint",
        ]
    ),
)

FAMILIES: dict[str, list[Program]] = {
    "namespace": NAMESPACE,
    "gc": GC,
    "ends": ENDS,
    "exits": EXITS,
    "errors": ERRORS,
    "stdin": STDIN,
    "recursion": RECURSION,
    "threads": THREADS,
    "itself": each(*SPEAKS_OF_ITSELF),
    "numbers": NUMBERS,
    "memory": MEMORY,
    "imports": IMPORTS,
}
