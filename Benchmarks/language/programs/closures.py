def counter(start):
    count = [start]

    def up(by):
        count[0] = count[0] + by
        return count[0]

    return up


def compose(f, g):
    return lambda x: g(f(x))


def main():
    up = counter(0)
    total = 0
    twice = compose(lambda x: x + 1, lambda x: x * 2)
    for i in range(300000):
        total = (total + up(i % 3) + twice(i)) % 1000003
    return total
