const [first, ...rest] = require("fs").readFileSync(0, "utf8").split("\n");
const note = rest.slice(0, Number(first));
const width = Math.max(...note.map((line) => line.length));
const border = "#".repeat(width + 4);
console.log([border, ...note.map((line) => `# ${line.padEnd(width)} #`), border].join("\n"));
