def main():
    table = {}
    for i in range(300000):
        table["k" + str(i)] = i
    total = 0
    for i in range(300000):
        total = total + table["k" + str(i)]
    return total
