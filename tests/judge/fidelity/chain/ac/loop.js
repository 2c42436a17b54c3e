const [n, ...rest] = require("fs").readFileSync(0, "utf8").split(/\s+/).filter(Boolean).map(Number);
const depth = [0, 1];
rest.forEach((up, i) => (depth[i + 2] = depth[up] + 1));
console.log(depth.reduce((a, b) => Math.max(a, b)));
