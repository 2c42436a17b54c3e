const { Worker, isMainThread, parentPort, workerData } = require("worker_threads");
if (isMainThread) {
  const [, ...x] = require("fs").readFileSync(0, "utf8").split(/\s+/).filter(Boolean).map(Number);
  new Worker(__filename, { workerData: x }).on("message", (sum) => console.log(sum));
} else {
  parentPort.postMessage(workerData.reduce((a, b) => a + b, 0));
}
