"""Hidden inputs: every size of number, both signs, and all the white space that is legal."""


def inputs():
    big = 10**18
    return {
        "01-zeros": "0 0\n",
        "02-cancel": "-1 1\n",
        "03-negative": "-17 -25\n",
        "04-two-lines": "250\n-4\n",
        "05-just-32-bit": "2147483647 0\n",
        "06-past-32-bit": "2147483647 1\n",
        "07-past-32-bit-down": "-2147483648 -1\n",
        "08-past-53-bit": "9007199254740993 2\n",
        "09-maximum": f"{big} {big}\n",
        "10-minimum": f"{-big} {-big}\n",
        "11-extremes": f"{big} {-big}\n",
        "12-empty-lines": "\n\n  41\n\n\n   1\n\n",
        "13-odd-digits": "123456789012345678 876543210987654321\n",
    }
