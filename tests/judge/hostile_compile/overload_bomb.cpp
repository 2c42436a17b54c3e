// expect: CE
// long: yes
// Deductions that multiply.
template <class T> struct W { T t; };
template <class T> auto f(T t, int n) { return W<W<T>>{ { t } }; }
template <int N, class T> auto g(T t) { if constexpr (N == 0) return t; else return g<N - 1>(f(g<N - 1>(t), N)); }
int main() { auto x = g<24>(1); (void)x; }
