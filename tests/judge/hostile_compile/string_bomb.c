// expect: CE
// long: yes
// Strings that double.
#define A "held held held held held held held held held held held held held held held held held held"
#define B A A A A A A A A A A A A A A A A
#define C B B B B B B B B B B B B B B B B
#define D C C C C C C C C C C C C C C C C
#define E D D D D D D D D D D D D D D D D
const char x[] = E E E E E E E E E E E E E E E E;
int main(void) { return x[3]; }
