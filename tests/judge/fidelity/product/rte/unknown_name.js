console.log(a * b);
