def numbers(limit):
    i = 0
    while i < limit:
        yield i
        i += 1


def kept(source):
    for x in source:
        if x % 3:
            yield x * 2


def pairs(source):
    yield from ((x, x + 1) for x in source)


def main():
    total = 0
    for a, b in pairs(kept(numbers(300000))):
        total = (total + a * b) % 1000003
    return total
