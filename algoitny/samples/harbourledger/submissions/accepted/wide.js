const [n, ...numbers] = require("fs").readFileSync(0, "utf8").trim().split(/\s+/).map(Number);
let total = 0; // at most 8 000 times 10^12: less than 2^53, so a Number holds it exactly
for (let i = 0; i < 2 * n; i += 2) total += numbers[i] * numbers[i + 1];
console.log(total === 0 ? 0 : total);
