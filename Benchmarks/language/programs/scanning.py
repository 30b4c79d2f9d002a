def words(text):
    found = []
    start = -1
    place = 0
    for c in text:
        if c.isalnum():
            if start < 0:
                start = place
        elif start >= 0:
            found.append(text[start:place])
            start = -1
        place += 1
    if start >= 0:
        found.append(text[start:])
    return found


def main():
    text = "It was a dark and stormy night; the rain fell in torrents, except at occasional intervals. "
    counts = {}
    for round in range(200):
        for word in words(text * 40):
            word = word.lower()
            counts[word] = counts.get(word, 0) + 1
    total = 0
    for word in sorted(counts.keys()):
        total = (total * 31 + counts[word] + len(word)) % 1000003
    return total
