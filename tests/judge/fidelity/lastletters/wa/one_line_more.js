for (const line of require("fs").readFileSync(0, "utf8").split("\n")) console.log(line.trim().slice(-1) || "-");
