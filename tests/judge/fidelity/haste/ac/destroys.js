process.stdin.once("data", (part) => {
  console.log(parseInt(part.toString(), 10));
  process.stdin.destroy();
});
