// expect: CE
// Calculates by calling itself without end.
constexpr long f(long n) { return n ? f(n + 1) + f(n + 2) : 0; }
static_assert(f(1) == 0, "");
int main() {}
