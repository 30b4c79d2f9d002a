import DanaData

/// The data that a question is about, as text for a model: whole where it is short, otherwise its beginning, and what
/// was left out is said.
struct PromptData {
    /// What follows the question.
    let text: String
    /// What the asker should know: how much was shown. Nil when that is everything.
    let note: String?

    /// `total` is how many rows there are where the data has only the first of them; `summary` describes all.
    init(_ data: TapeValue, total: Int? = nil, summary: String? = nil, limit: Int) {
        let lines: [String]
        let unit: String
        if let items = data.array {
            lines = items.map(Self.line)
            unit = "item"
        } else if let pairs = data.pairs {
            lines = pairs.map { "\(Self.line($0.key)): \(Self.line($0.value))" }
            unit = "entry"
        } else {
            lines = [Self.line(data)]
            unit = "value"
        }
        let all = max(total ?? lines.count, lines.count)
        var shown: [String] = []
        var left = max(0, limit - (summary?.utf8.count ?? 0))
        for line in lines {
            guard line.utf8.count < left else { break }
            left -= line.utf8.count + 1
            shown.append(line)
        }
        var part: String?
        if shown.isEmpty, let first = lines.first {
            shown = [first.shortened(toBytes: max(left, 200))]
            if shown != [first] { part = "\(shown[0].utf8.count - 3) of \(first.utf8.count) bytes" }
        }
        let isWhole = shown.count == all && part == nil
        let plural = unit == "entry" ? "entries" : "\(unit)s"
        let count = all == 1 ? nil : "\(shown.count) of \(all) \(plural)"
        let extent = [count, part].compactMap { $0 }.joined(separator: ", of that ")
        note = isWhole ? nil : "\(extent) shown to the model"
        let title = isWhole ? "Data:" : "Data (the first \(extent)):"
        let parts: [String?] = [
            title, shown.joined(separator: "\n"), summary.map { "All \(all) \(plural), summarised:\n\($0)" },
        ]
        text = parts.compactMap { $0 }.joined(separator: "\n")
    }

    private static func line(_ value: TapeValue) -> String {
        value.string ?? (try? JSONWriter.string(value)) ?? value.description
    }
}
