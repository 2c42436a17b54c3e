"""A line of hexadecimal digits: write the bytes that they stand for, and nothing else."""

CHECKER = "exact"


def tests():
    for data in (b"\x00\xff\n\x80A", b"plain", b"", b"\r\n\r\n \n", bytes(range(256))):
        yield data.hex() + "\n", data
