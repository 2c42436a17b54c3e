(async () => {
  const parts = [];
  for await (const part of process.stdin) parts.push(part);
  const [, ...x] = Buffer.concat(parts).toString().trim().split(/\s+/);
  process.stdout.write(`${x.reduce((a, b) => a + Number(b), 0)}\n`);
})();
