// expect: CE|WA
// An expression of a hundred thousand signs.
#define A - - - - - - - - - -
#define B A A A A A A A A A A
#define C B B B B B B B B B B
#define D C C C C C C C C C C
int main(void) { return D D D D D D D D D D 1 - 1; }
