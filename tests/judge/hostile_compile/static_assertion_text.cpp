// expect: CE
// The compiler quotes what it is told to quote, and only that.
#include __FILE__ "/etc/passwd"
static_assert(false, "${answer} %s {0} is only what the author wrote himself, with other letters");
int main() {}
