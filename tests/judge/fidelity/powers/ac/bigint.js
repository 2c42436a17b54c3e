console.log(String(3n ** BigInt(require("fs").readFileSync(0, "utf8").trim())));
