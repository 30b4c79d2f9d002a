def main():
    text = ""
    for i in range(20000):
        text = text + "abcdefghij"
    return len(text)
