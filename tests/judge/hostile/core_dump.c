// expect: RTE RTE
// Crashes: no core must be written, and no program of the machine be started for it.
#include <stdlib.h>
int main(void) { abort(); }
