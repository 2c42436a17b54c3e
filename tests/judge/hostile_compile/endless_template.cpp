// expect: CE
// A template that needs itself.
template <int N> struct F { typename F<N + 1>::type *p; using type = F; };
int main() { F<0> f; (void)f; }
