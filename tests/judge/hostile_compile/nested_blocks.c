// expect: CE|WA
// Blocks that nest as deep as the text allows: the parser calls itself.
#define A(x) { { { { { { { { { { x } } } } } } } } } }
#define B(x) A(A(A(A(A(A(A(A(A(A(x))))))))))
#define C(x) B(B(B(B(B(B(B(B(B(B(x))))))))))
int main(void) { C(C(C(C(C(C(C(C(;)))))))) return 0; }
