// expect: CE
// The newest way to include.
const unsigned char stolen[] = {
#embed "/etc/passwd"
};
int main(void) { return stolen[0]; }
