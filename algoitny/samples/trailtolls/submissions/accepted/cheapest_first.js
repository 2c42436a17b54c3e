const [n, m, ...numbers] = require("fs").readFileSync(0, "utf8").trim().split(/\s+/).map(Number);
const trails = Array.from({ length: n + 1 }, () => []);
for (let i = 0; i < 3 * m; i += 3) {
  const [a, b, toll] = numbers.slice(i, i + 3);
  trails[a].push([b, toll]);
  trails[b].push([a, toll]);
}

// A heap of [paid, village], the cheapest on top.
const heap = [];
function push(entry) {
  let at = heap.push(entry) - 1;
  for (; at > 0 && heap[(at - 1) >> 1][0] > entry[0]; at = (at - 1) >> 1) heap[at] = heap[(at - 1) >> 1];
  heap[at] = entry;
}
function pop() {
  const top = heap[0];
  const last = heap.pop();
  if (heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child + 1 < heap.length && heap[child + 1][0] < heap[child][0]) child++;
    if (child >= heap.length || heap[child][0] >= last[0]) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return top;
}

const settled = new Array(n + 1).fill(false);
let answer = -1;
push([0, 1]);
while (heap.length > 0) {
  const [paid, village] = pop();
  if (village === n) {
    answer = paid;
    break;
  }
  if (settled[village]) continue;
  settled[village] = true;
  for (const [there, toll] of trails[village]) {
    if (!settled[there]) push([paid + toll, there]);
  }
}
console.log(answer);
