def main():
    limit = 1000000
    flags = [1] * (limit + 1)
    count = 0
    for i in range(2, limit + 1):
        if flags[i] == 1:
            count = count + 1
            for j in range(i * 2, limit + 1, i):
                flags[j] = 0
    return count
