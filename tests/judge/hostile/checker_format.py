# expect: WA
# Text that whoever writes a message with it might take for orders.
print("%s%n {0} {answer} $(id) ` ' \" \\ \x1b[2J \u202e \r\n" * 100)
