const [, ...words] = require("fs").readFileSync(0, "utf8").split(/\s+/).filter(Boolean);
for (const word of words) console.log(Math.sqrt(Number(word)));
