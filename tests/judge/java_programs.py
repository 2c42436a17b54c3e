"""Programs in Java, each with what must come of it.

Most are one source, whose input says which it is to be: compiling takes most of the time.
"""

from __future__ import annotations

from algoitny.domain.verdict import Verdict
from tests.judge.runtime_programs import Program

_SUM = "System.out.println(in.nextInt() + in.nextInt());"
_HOLD = (
    "List<int[]> all = new ArrayList<>();"
    " for (int i = 0; i < %d; i++) { int[] one = new int[1 << 18]; Arrays.fill(one, i); all.add(one); }"
    " if (all.get(all.size() / 2)[7] >= 0) System.out.println(7);"
)
"""Holds so many MiB."""

JAVA = [
    Program(name="sum", source=_SUM),
    Program(
        name="wrong",
        source=("System.out.println(8);"),
        verdict=Verdict.WA,
    ),
    Program(name="exit_zero", source=("System.out.println(7); System.exit(0);")),
    Program(
        name="exit_three",
        source=("System.out.println(7); System.exit(3);"),
        verdict=Verdict.RTE,
        words="exit code 3",
    ),
    Program(
        name="exception",
        source=("int[] few = new int[2]; System.out.println(few[2 + in.nextInt() - 3]);"),
        verdict=Verdict.RTE,
        words="ArrayIndexOutOfBoundsException",
    ),
    Program(
        name="busy",
        source=("long x = 1; while (x != 0) x = x * 6364136223846793005L + 1; "),
        verdict=Verdict.TLE,
        limits={"time_ms": 200},
    ),
    Program(
        name="busy_threads",
        source=(
            "for (int i = 0; i < 4; i++) new Thread(() -> { long x = 1; while (x != 0) x |= 1; })"
            ".start(); Thread.sleep(60000);"
        ),
        verdict=Verdict.TLE,
        limits={"time_ms": 300, "wall_ms": 20_000},
    ),
    Program(
        name="idle",
        source=("Thread.sleep(60000);"),
        verdict=Verdict.ILE,
        limits={"wall_ms": 400},
    ),
    Program(
        name="loud",
        source=('String line = "x".repeat(10000); for (;;) System.out.println(line);'),
        verdict=Verdict.OLE,
        limits={"output_bytes": 1 << 20},
    ),
    Program(
        name="endless_recursion",
        source=("System.out.println(deep(-1));"),
        verdict=Verdict.RTE,
        words="StackOverflowError",
    ),
    Program(
        name="deep_recursion",
        source=("System.out.println(deep(200000) - 199993);"),
    ),
    Program(
        name="memory_within",
        source=(_HOLD % 90),
        limits={"memory_mb": 128, "time_ms": 3000},
    ),
    Program(
        name="memory_beyond",
        source=(_HOLD % 150),
        verdict=Verdict.MLE,
        limits={"memory_mb": 128, "time_ms": 3000},
    ),
    Program(
        name="memory_in_a_thread",
        source=(
            "Thread t = new Thread(() -> { try { List<int[]> all = new ArrayList<>();"
            " for (;;) all.add(new int[1 << 20]); } catch (Throwable ignored) { } });"
            " t.start(); t.join(); System.out.println(7);"
        ),
        verdict=Verdict.MLE,
        limits={"memory_mb": 64},
    ),
    Program(
        name="memory_outside_the_heap",
        source=(
            "List<java.nio.ByteBuffer> all = new ArrayList<>(); for (int i = 0; i < 300; i++) {"
            " var one = java.nio.ByteBuffer.allocateDirect(1 << 20);"
            " while (one.hasRemaining()) one.put((byte) 1); all.add(one); } System.out.println(7);"
        ),
        verdict=Verdict.MLE,
        limits={"memory_mb": 64},
    ),
    Program(
        name="threads",
        source=(
            "int[] found = new int[20]; Thread[] all = new Thread[20];"
            " for (int i = 0; i < 20; i++) { int n = i; all[i] = new Thread(() -> found[n] = n);"
            " all[i].start(); } int sum = 0;"
            " for (int i = 0; i < 20; i++) { all[i].join(); sum += found[i]; }"
            " System.out.println(sum - 183);"
        ),
    ),
    Program(
        name="too_many_threads",
        source=(
            "for (int i = 0; i < 500; i++) { Thread one = new Thread(() -> {"
            " try { Thread.sleep(60000); } catch (InterruptedException e) { } });"
            " one.setDaemon(true); one.start(); }"
        ),
        verdict=Verdict.RTE,
        words="unable to create native thread",
    ),
    Program(
        name="parallel_stream",
        source=(
            "long n = java.util.stream.LongStream.range(0, 100000).parallel().filter(x -> x % 3 == 0)"
            ".count(); System.out.println(n - 33327);"
        ),
    ),
    Program(
        name="the_machine_does_not_show",
        source=(
            "int ok = 0;"
            " if (TimeZone.getDefault().getRawOffset() == 0) ok++;"
            ' if (System.getProperty("file.encoding").equals("UTF-8")) ok++;'
            ' if (java.nio.charset.Charset.defaultCharset().name().equals("UTF-8")) ok++;'
            " if (Runtime.getRuntime().availableProcessors() == 2) ok++;"
            ' if (System.getenv("JAVA_TOOL_OPTIONS") == null) ok++;'
            ' if (java.nio.file.Files.readString(java.nio.file.Path.of("/proc/sys/kernel/hostname"))'
            '.equals("box\\n")) ok++;'
            ' if (new java.io.File("/etc").list().length <= 2) ok++;'
            ' System.out.println(ok); System.err.println("é");'
        ),
    ),
]

JAVA_SOURCE = (
    "import java.util.*;\n"
    "public class Main {\n"
    "    static int deep(int n) { return n == 0 ? 0 : 1 + deep(n - 1); }\n"
    "    public static void main(String[] args) throws Exception {\n"
    "        Scanner in = new Scanner(System.in);\n"
    "        switch (in.next()) {\n"
    + "".join(f'            case "{one.name}" -> {{ {one.source} }}\n' for one in JAVA)
    + "        }\n    }\n}\n"
)

JAVA_NAMES = [
    Program(
        name="another_name",
        source="/* public class Main */ import java.util.Scanner;\n"
        "class Pair { int a, b; }\n"
        "public final class Solution {\n"
        '    static final String TEXT = "public class Other {";\n'
        "    public static void main(String... args) {\n"
        "        Scanner in = new Scanner(System.in);\n"
        f"        {_SUM}\n"
        "    }\n"
        "}\n",
    ),
    Program(
        name="package",
        source="package com.example.contest;\n\nimport java.util.*;\n\n"
        "class Reader { static Scanner in = new Scanner(System.in); }\n"
        "class Main {\n"
        "    record Pair(int a, int b) {}\n"
        "    public static void main(String[] args) {\n"
        "        var pair = new Pair(Reader.in.nextInt(), Reader.in.nextInt());\n"
        "        Runnable show = () -> System.out.println(pair.a() + pair.b());\n"
        "        show.run();\n"
        "    }\n"
        "}\n",
    ),
    Program(
        name="helpers_with_main",
        source="class Numbers { public static int main(String[] text) { return 1; } }\n"
        "class Sums { public static void main(int[] numbers) { } }\n"
        "class Sum {\n"
        "    static int of(int a, int b) { return a + b; }\n"
        "    public static void main(String[] args) { System.out.println(of(2, 2)); }\n"
        "}\n"
        "class Main {\n"
        "    public static void main(final String args[]) {\n"
        "        java.util.Scanner in = new java.util.Scanner(System.in);\n"
        "        System.out.println(Sum.of(in.nextInt(), in.nextInt()));\n"
        "    }\n"
        "}\n",
    ),
]
"""What learners call their classes."""
