# expect: RTE|CE
eval(b'1\0 1')
