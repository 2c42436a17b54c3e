const [n, ...numbers] = require("fs").readFileSync(0, "utf8").trim().split(/\s+/).map(Number);
const begins = new Int32Array(n).map((_, i) => numbers[2 * i]).sort();
const ends = new Int32Array(n).map((_, i) => numbers[2 * i + 1]).sort();
let most = 0;
let left = 0;
begins.forEach((begin, arrived) => {
  while (ends[left] <= begin) left++;
  most = Math.max(most, arrived + 1 - left);
});
console.log(most);
