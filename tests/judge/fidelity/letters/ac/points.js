const s = [...require("fs").readFileSync(0, "utf8").trimEnd()];
console.log(s.length + "\n" + s.reverse().join(""));
