// expect: CE
// Errors with what moves a terminal's cursor, ends a line, or is no text.
#error "[2J]0;owned  ‮ÿþ"
int main(void) { return 0; }
