require("readline")
  .createInterface({ input: process.stdin, crlfDelay: Infinity })
  .on("line", (line) => console.log(line.trim().slice(-1) || "-"));
