const [n, ...x] = require("fs").readFileSync(0, "utf8").trim().split(/\s+/);
console.log(Int32Array.from(x).sort()[Number(n) >> 1]);
