const fs = require("fs");
const n = Number(fs.readFileSync(0, "utf8"));
for (let i = 1; i <= n; i++) fs.writeSync(1, `${i}\n`);
