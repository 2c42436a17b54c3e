console.log(String(3 ** Number(require("fs").readFileSync(0, "utf8"))));
