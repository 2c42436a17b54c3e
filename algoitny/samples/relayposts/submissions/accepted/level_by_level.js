const [n, ...following] = require("fs").readFileSync(0, "utf8").trim().split(/\s+/).map(Number);
const senders = Array.from({ length: n + 1 }, () => []);
following.forEach((target, index) => senders[target].push(index + 1));
let distance = 0;
let level = [0];
for (;;) {
  const farther = level.flatMap((target) => senders[target]);
  if (farther.length === 0) break;
  distance++;
  level = farther;
}
console.log(`${distance} ${level.length}`);
