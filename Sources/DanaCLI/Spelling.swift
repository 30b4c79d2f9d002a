/// Finds the word that was probably meant.
enum Spelling {
    /// The known word nearest to a misspelt one, when it is near enough to be worth a question.
    static func nearest(to word: String, among known: [String]) -> String? {
        let ranked = known.map { (word: $0, slips: slips(from: Array(word), to: Array($0))) }
        let limit = max(1, word.count / 3)
        return ranked.filter { $0.slips <= limit }.min { $0.slips < $1.slips }?.word
    }

    /// How many letters are wrong, missing, too many or swapped with their neighbour.
    static func slips(from word: [Character], to other: [Character]) -> Int {
        var before: [Int] = []
        var last = Array(0...other.count)
        for (row, letter) in word.enumerated() {
            var line = [row + 1]
            for (column, wanted) in other.enumerated() {
                var least = min(last[column] + (letter == wanted ? 0 : 1), last[column + 1] + 1, line[column] + 1)
                if row > 0, column > 0, letter == other[column - 1], word[row - 1] == wanted {
                    least = min(least, before[column - 1] + 1)
                }
                line.append(least)
            }
            before = last
            last = line
        }
        return last.last ?? word.count
    }
}
