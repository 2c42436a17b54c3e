// expect: CE
// Goes on in the search path.
#include_next </etc/passwd>
#include <../../etc/passwd>
int main(void) { return 0; }
