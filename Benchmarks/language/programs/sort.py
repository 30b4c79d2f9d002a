def main():
    numbers = []
    x = 12345
    for i in range(200000):
        x = (x * 16807) % 2147483647
        numbers.append(x)
    ordered = sorted(numbers)
    return (ordered[0] + ordered[100000] * 2 + ordered[199999] * 3) % 1000003
