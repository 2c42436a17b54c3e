let text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (part) => (text += part));
process.stdin.on("end", () => {
  const x = text.trim().split(/\s+/).map(Number);
  console.log(x.slice(1).reduce((a, b) => a + b, 0));
});
