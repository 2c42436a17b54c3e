// expect: CE
// Climbs out of its folder.
#include "../../../../../../../../etc/passwd"
int main(void) { return 0; }
