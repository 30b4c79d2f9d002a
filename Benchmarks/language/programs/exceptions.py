def parse(number):
    if number % 3 == 0:
        raise ValueError("a multiple of three")
    return number


def main():
    total = 0
    table = {}
    for i in range(200000):
        try:
            total = total + parse(i)
        except ValueError as error:
            total = total - 1
        finally:
            total = total % 1000003
        try:
            table[i]
        except KeyError:
            total = total + 1
    return total
