const [n, w, ...weights] = require("fs").readFileSync(0, "utf8").trim().split(/\s+/).map(Number);
const seen = new Map();
let pairs = 0;
for (const weight of weights) {
  pairs += seen.get(w - weight) ?? 0;
  seen.set(weight, (seen.get(weight) ?? 0) + 1);
}
console.log(pairs);
