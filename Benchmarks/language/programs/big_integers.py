def main():
    q = 1
    r = 0
    t = 1
    k = 1
    n = 3
    x = 3
    digits = 0
    total = 0
    for turn in range(100000):
        if digits == 1000:
            break
        if 4 * q + r - t < n * t:
            total = (total * 10 + n) % 1000003
            digits = digits + 1
            digit = n
            n = 10 * (3 * q + r) // t - 10 * digit
            q = q * 10
            r = 10 * (r - digit * t)
        else:
            n = (q * (7 * k + 2) + r * x) // (t * x)
            r = (2 * q + r) * x
            t = t * x
            q = q * k
            k = k + 1
            x = x + 2
    return total
