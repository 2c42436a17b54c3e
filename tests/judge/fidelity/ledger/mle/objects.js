const seed = Number(require("fs").readFileSync(0, "utf8"));
const table = [];
for (let i = 0; i < 6000000; i++) table.push({ value: (seed * 1000003 + i * 7919) % 2147483647 });
console.log(table[3999999].value);
