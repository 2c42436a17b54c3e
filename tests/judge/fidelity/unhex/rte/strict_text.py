print(bytes.fromhex(input()).decode(), end="")
