"""Two numbers of up to nine digits: print their product. Here programs fail to compile, too."""


def tests():
    yield "3 4\n", "12\n"
    yield "999999999 999999997\n", "999999996000000003\n"
