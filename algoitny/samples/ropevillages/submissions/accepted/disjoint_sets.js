const [n, m, ...ends] = require("fs").readFileSync(0, "utf8").trim().split(/\s+/).map(Number);
const leader = Array.from({ length: n + 1 }, (_, village) => village);
const size = new Array(n + 1).fill(1);
function find(village) {
  while (leader[village] !== village) {
    leader[village] = leader[leader[village]];
    village = leader[village];
  }
  return village;
}
let largest = 1;
const found = [];
for (let i = 0; i < m; i++) {
  let [a, b] = [find(ends[2 * i]), find(ends[2 * i + 1])];
  if (a !== b) {
    if (size[a] < size[b]) [a, b] = [b, a];
    leader[b] = a;
    size[a] += size[b];
    largest = Math.max(largest, size[a]);
  }
  found.push(largest);
}
console.log(found.join("\n"));
