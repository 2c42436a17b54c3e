# expect: RTE|CE
# Evaluates text with a null byte.
eval(b'1\0 1')
