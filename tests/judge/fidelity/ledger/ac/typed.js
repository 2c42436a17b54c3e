const seed = Number(require("fs").readFileSync(0, "utf8"));
const table = new Int32Array(6000000);
for (let i = 0; i < table.length; i++) table[i] = (seed * 1000003 + i * 7919) % 2147483647;
console.log(table[3999999]);
