const depth = (i) => 1 + depth(i + 1);
console.log(depth(1));
