const s = require("fs").readFileSync(0, "utf8").trimEnd().split("");
console.log(s.length + "\n" + s.reverse().join(""));
