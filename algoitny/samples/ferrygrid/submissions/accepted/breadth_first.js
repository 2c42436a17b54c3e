const [size, ...rows] = require("fs").readFileSync(0, "utf8").split("\n");
const [r, c] = size.split(" ").map(Number);
// A border of reeds, so that no move needs to ask whether it leaves the map.
const width = c + 1;
const reeds = "#".repeat(width);
const lake = reeds + rows.slice(0, r).map((row) => row + "#").join("") + reeds;
const start = lake.indexOf("S");
const minutes = new Int32Array(lake.length).fill(-1);
minutes[start] = 0;
const waiting = [start];
for (let next = 0; next < waiting.length; next++) {
  const here = waiting[next];
  for (const there of [here - 1, here + 1, here - width, here + width]) {
    if (lake[there] !== "#" && minutes[there] < 0) {
      minutes[there] = minutes[here] + 1;
      waiting.push(there);
    }
  }
}
const found = minutes[lake.indexOf("T")];
console.log(found < 0 ? "ASHORE" : found);
