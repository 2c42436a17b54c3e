// expect: RTE RTE
#include <stdlib.h>
int main(void) { abort(); }
