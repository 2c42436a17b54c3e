# -*- coding: no-such-code -*-
# expect: CE
# Names an encoding that is not there.
print(1)
