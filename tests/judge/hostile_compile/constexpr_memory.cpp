// expect: CE
// long: yes
// Calculates with an array that no compiler holds.
template <long N> struct A { int x[N]; constexpr A() : x() { for (long i = 0; i < N; i++) x[i] = i; } };
constexpr A<(1L << 30)> a;
int main() { return a.x[5]; }
