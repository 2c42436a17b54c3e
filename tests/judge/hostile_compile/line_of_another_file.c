// expect: CE
// Errors quote the line that they are in: this one claims to be in another file.
#line 1 "/etc/passwd"
int x = nothing;
#line 1 "/proc/1/environ"
int y = nothing;
#line 1 "/proc/self/environ"
int z = nothing;
int main(void) { return 0; }
