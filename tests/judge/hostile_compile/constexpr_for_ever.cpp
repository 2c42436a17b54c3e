// expect: CE
// long: yes
// Lets the compiler calculate for ever.
constexpr long f(long n) { long s = 0; for (long i = 0; i < n; i++) for (long j = 0; j < 200000; j++) s += i ^ j; return s; }
constexpr long a = f(1000000);
int main() { return a; }
