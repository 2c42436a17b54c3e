const [first, ...signs] = require("fs").readFileSync(0, "utf8").split("\n");
for (const line of signs.slice(0, Number(first))) {
  const sign = line.replaceAll(" ", "").toLowerCase();
  console.log([...sign].reverse().join("") === sign ? "yes" : "no");
}
