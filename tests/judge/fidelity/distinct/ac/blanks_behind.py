import sys

print("   \n".join(dict.fromkeys(reversed(sys.stdin.read().split()))), "\t\r\n\n")
