// expect: CE
// long: yes
// Templates that multiply.
template <int N, int M> struct F {
    static constexpr long v = F<N - 1, M * 2 % 1000003>::v + F<N - 1, (M * 2 + 1) % 1000003>::v;
};
template <int M> struct F<0, M> { static constexpr long v = M; };
int main() { return F<60, 1>::v; }
