const [n, ...numbers] = require("fs").readFileSync(0, "utf8").split("\n");
console.log(numbers.slice(0, Number(n)).map((x) => Number(x) + 1).join("\n"));
