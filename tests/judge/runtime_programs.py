"""Programs in languages with a runtime of their own, each with what must come of it.

Those in Java are one source, whose input says which it is to be: compiling takes most of the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from algoitny.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """`words` occur in the status. The input is `3 4`, in Java with the name before it where one
    source has them all; the answer is `7`."""

    name: str
    source: str
    verdict: Verdict = Verdict.AC
    words: str = ""
    limits: dict[str, int] = field(default_factory=dict)


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

_JS_SUM = (
    "const [a, b] = require('fs').readFileSync('/dev/stdin', 'utf8').split(' ').map(Number);\n"
    "console.log(a + b);\n"
)
_JS_HOLD = (
    "const all = [];\n"
    "for (let i = 0; i < %d; i++) all.push(new Array(1 << 17).fill(i + 0.5));\n"
    "console.log(all[3][5] > 0 ? 7 : 8);\n"
)
_JS_BUFFERS = (
    "const all = [];\n"
    "for (let i = 0; i < %d; i++) all.push(Buffer.alloc(1 << 20, 1));\n"
    "console.log(all.length > 0 ? 7 : 8);\n"
)

JAVASCRIPT = [
    Program(name="sum", source=_JS_SUM),
    Program(
        name="lines",
        source="const rl = require('readline').createInterface({ input: process.stdin });\n"
        "const lines = [];\n"
        "rl.on('line', line => lines.push(line));\n"
        "rl.on('close', () => console.log(lines[0].split(' ').reduce((x, y) => x + +y, 0)));\n",
    ),
    Program(
        name="descriptor_zero",
        source="#!/usr/bin/env node\n'use strict';\n"
        "const fs = require('node:fs');\n"
        "const text = fs.readFileSync(0).toString();\n"
        "process.stdout.write(`${text.trim().split(/\\s+/).reduce((x, y) => +x + +y)}\\n`);\n",
    ),
    Program(name="wrong", source="console.log(8);", verdict=Verdict.WA),
    Program(
        name="exit_three",
        source="console.log(7); process.exit(3);",
        verdict=Verdict.RTE,
        words="exit code 3",
    ),
    Program(
        name="exit_behind_much_output",
        source="console.log('\\n'.repeat(900000) + 7); process.exit();",
    ),
    Program(
        name="exception",
        source="const nothing = undefined;\nconsole.log(nothing.length);\n",
        verdict=Verdict.RTE,
        words="TypeError",
    ),
    Program(
        name="rejection",
        source="(async () => { throw new RangeError('no'); })();",
        verdict=Verdict.RTE,
        words="RangeError",
    ),
    Program(name="busy", source="for (;;);", verdict=Verdict.TLE, limits={"time_ms": 200}),
    Program(
        name="busy_threads",
        source="const { Worker } = require('worker_threads');\n"
        "for (let i = 0; i < 4; i++) new Worker('for (;;);', { eval: true });\n",
        verdict=Verdict.TLE,
        limits={"time_ms": 300, "wall_ms": 20_000},
    ),
    Program(
        name="idle",
        source="setTimeout(() => {}, 60000);",
        verdict=Verdict.ILE,
        limits={"wall_ms": 400},
    ),
    Program(
        name="loud",
        source="const line = 'x'.repeat(10000); for (;;) require('fs').writeSync(1, line);",
        verdict=Verdict.OLE,
        limits={"output_bytes": 1 << 20},
    ),
    Program(
        name="endless_recursion",
        source="const deep = n => 1 + deep(n + 1);\nconsole.log(deep(0));\n",
        verdict=Verdict.RTE,
        words="Maximum call stack size exceeded",
    ),
    Program(
        name="deep_recursion",
        source="const deep = n => n === 0 ? 0 : 1 + deep(n - 1);\nconsole.log(deep(200000) - 199993);\n",
    ),
    Program(
        name="memory_within",
        source=_JS_HOLD % 100,
        limits={"memory_mb": 128, "time_ms": 3000},
    ),
    Program(
        name="memory_beyond",
        source=_JS_HOLD % 160,
        verdict=Verdict.MLE,
        limits={"memory_mb": 128, "time_ms": 3000},
    ),
    Program(
        name="buffers_within",
        source=_JS_BUFFERS % 110,
        limits={"memory_mb": 128, "time_ms": 3000},
    ),
    Program(
        name="buffers_beyond",
        source=_JS_BUFFERS % 160,
        verdict=Verdict.MLE,
        limits={"memory_mb": 128, "time_ms": 3000},
    ),
    Program(
        name="huge_buffer",
        source="const one = Buffer.alloc(2 ** 31, 1); console.log(one[5] + 6);",
        verdict=Verdict.MLE,
        limits={"memory_mb": 64, "time_ms": 3000},
    ),
    Program(
        name="the_machine_does_not_show",
        source="const os = require('os');\n"
        "const ok = [new Date(0).getHours() === 0, os.hostname() === 'box',\n"
        "  Intl.DateTimeFormat().resolvedOptions().timeZone === 'UTC',\n"
        "  process.env.NODE_OPTIONS === undefined, require('fs').readdirSync('/box').length === 1,\n"
        "  (1234.5).toLocaleString() === '1,234.5', process.argv.length === 2];\n"
        "console.log(ok.filter(x => x).length, ...ok.filter(x => !x));\n",
    ),
]

BROKEN = [
    ("java", "public class Solution { int f() { return nothing; } }", "Main.java:1: error:"),
    ("java", "class A { static void main(int n) { } }", "no class has a method `static void main"),
    ("java", "package a;\nimport b.C;\nclass Main { }\n", "Main.java:2: error: package b does"),
    ("java", "class Main { void f() { int i = 1" + " + 1" * 60000 + "; } }", "StackOverflowError"),
    ("javascript", "const a = 1;\nlet a = ;\n", "main.js:2"),
    ("rust", 'fn main() { let x: i32 = ""; }', "main.rs:1:"),
    ("go", "package main\nfunc main() { x := 1 }\n", "main.go:2:"),
    ("pypy3", "print('no end'\n", "main.py"),
    ("kotlin", "fun main() { nothing() }\n", "main.kt:1:"),
]
"""What a compiler refuses, and words of its message."""

OTHERS = [
    (
        "rust",
        "use std::io::*;\nfn main() { let mut s = String::new(); stdin().read_to_string(&mut s)"
        '.unwrap(); println!("{}", s.split_whitespace().map(|x| x.parse::<i64>().unwrap())'
        ".sum::<i64>()); }",
        Program(name="sum", source=""),
    ),
    (
        "rust",
        'fn main() { let v: Vec<u8> = vec![]; println!("{}", v[std::env::args().count()]); }',
        Program(name="panic", source="", verdict=Verdict.RTE, words="index out of bounds"),
    ),
    (
        "rust",
        "fn main() { let mut v = vec![]; loop { v.push(vec![1u8; 1 << 22]); "
        'if v.len() == 100000 { println!("{}", v[3][5]); } } }',
        Program(name="memory", source="", verdict=Verdict.MLE, limits={"memory_mb": 64}),
    ),
    (
        "go",
        'package main\nimport ("bufio"; "fmt"; "os")\nfunc main() { var a, b int; '
        "fmt.Fscan(bufio.NewReader(os.Stdin), &a, &b); fmt.Println(a + b) }\n",
        Program(name="sum", source=""),
    ),
    (
        "go",
        'package main\nimport "fmt"\nfunc main() { var x []int; fmt.Println(x[len(x)]) }\n',
        Program(name="panic", source="", verdict=Verdict.RTE, words="index out of range"),
    ),
    (
        "go",
        "package main\nfunc main() { var x [][]byte; for { b := make([]byte, 1<<22); "
        "for i := range b { b[i] = 1 }; x = append(x, b) } }\n",
        Program(name="memory", source="", verdict=Verdict.MLE, limits={"memory_mb": 64}),
    ),
    ("pypy3", "print(sum(map(int, input().split())))", Program(name="sum", source="")),
    ("pypy3", "def solution(a, b):\n    return a + b\n", Program(name="solution", source="")),
    (
        "pypy3",
        "raise KeyError(5)",
        Program(name="exception", source="", verdict=Verdict.RTE, words="KeyError: 5"),
    ),
    (
        "pypy3",
        "x = []\nwhile True: x.append(bytearray(1 << 22))",
        Program(name="memory", source="", verdict=Verdict.MLE, limits={"memory_mb": 96}),
    ),
    (
        "kotlin",
        'fun main() { println(readLine()!!.split(" ").map { it.toInt() }.sum()) }',
        Program(name="sum", source=""),
    ),
]
"""Of languages that are not on every machine."""
