"""Programs in languages with a runtime of their own, each with what must come of it."""

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
