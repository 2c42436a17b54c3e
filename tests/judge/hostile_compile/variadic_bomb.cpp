// expect: CE
// long: yes
// A list of types without end.
template <class...> struct list {};
template <long N, class... T> struct make : make<N - 1, T..., int> {};
template <class... T> struct make<0, T...> { using type = list<T...>; };
int main() { make<100000000>::type x; (void)x; }
