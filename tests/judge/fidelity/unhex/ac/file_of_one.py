with open(1, "wb", closefd=False) as out:
    out.write(bytes.fromhex(input()))
