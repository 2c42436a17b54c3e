// expect: CE
// Composes the name.
#define QUOTE(x) #x
#define NAME(x) QUOTE(x)
#define PLACE /etc/passwd
#include NAME(PLACE)
int main(void) { return 0; }
