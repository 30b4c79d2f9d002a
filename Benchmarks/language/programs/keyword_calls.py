def f(a, b=2, c=3):
    return a + b * c


def main():
    total = 0
    for i in range(500000):
        total = (total + f(i, c=2, b=1)) % 1000003
    return total
