const [n, k, ...heights] = require("fs").readFileSync(0, "utf8").trim().split(/\s+/).map(Number);
let window = 0;
for (let i = 0; i < k; i++) window += heights[i];
let best = window;
for (let i = k; i < n; i++) {
  window += heights[i] - heights[i - k];
  best = Math.max(best, window);
}
console.log((best / k).toFixed(9));
