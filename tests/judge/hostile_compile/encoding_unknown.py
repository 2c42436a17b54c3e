# -*- coding: no-such-code -*-
# expect: CE
print(1)
