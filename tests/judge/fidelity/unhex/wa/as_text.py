print(bytes.fromhex(input()).decode("latin-1"), end="")
