const [, ...x] = require("fs").readFileSync("/dev/stdin").toString().split(/\s+/).filter(Boolean).map(Number);
console.log(x.reduce((a, b) => a + b, 0));
