let best = -1;
for (const line of require("fs").readFileSync(0, "utf8").trim().split("\n")) {
  best = Math.max(best, Number(line));
  console.log(best);
}
