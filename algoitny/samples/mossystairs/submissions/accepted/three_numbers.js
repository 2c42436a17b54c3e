const [n, m, ...mossy] = require("fs").readFileSync(0, "utf8").trim().split(/\s+/).map(Number);
const slippery = new Set(mossy);
let [before, last, here] = [0, 0, 1];
for (let step = 1; step <= n; step++) {
  const ways = slippery.has(step) ? 0 : (before + last + here) % 1_000_000_007;
  [before, last, here] = [last, here, ways];
}
console.log(here);
