def main():
    table = {}
    for i in range(300000):
        table[i * 7] = i
    total = 0
    for i in range(300000):
        total = total + table[i * 7]
    return total
