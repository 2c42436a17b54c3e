process.stdout.write(Buffer.from(require("fs").readFileSync(0, "utf8").trim(), "hex").toString());
