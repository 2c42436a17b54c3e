const words = require("fs").readFileSync(0, "utf8").split(/\s+/).filter(Boolean);
for (const word of words) if (Number(word) % 2 === 0) console.log(word);
