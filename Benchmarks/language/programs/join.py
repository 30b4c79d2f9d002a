def main():
    parts = []
    for i in range(300000):
        parts.append(str(i))
    return len(",".join(parts))
