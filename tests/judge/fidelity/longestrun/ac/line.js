const s = require("fs").readFileSync("/dev/stdin", "latin1").trim();
let best = 0;
for (let i = 0, run = 0; i < s.length; i++) {
  run = i && s[i] === s[i - 1] ? run + 1 : 1;
  best = Math.max(best, run);
}
console.log(best);
