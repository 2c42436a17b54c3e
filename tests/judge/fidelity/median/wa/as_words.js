const [n, ...x] = require("fs").readFileSync(0, "utf8").trim().split(/\s+/);
console.log(x.sort()[Number(n) >> 1]);
