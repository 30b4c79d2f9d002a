/// What differs between two texts, line by line, in the form that `diff -u` has.
struct LineDiff {
    private enum Step {
        case kept(Substring)
        case removed(Substring)
        case added(Substring)
    }

    private let steps: [Step]
    private static let context = 3

    init(from old: String, to new: String) {
        let difference = LineDiff.lines(new).difference(from: LineDiff.lines(old))
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        let (before, after) = (LineDiff.lines(old), LineDiff.lines(new))
        var steps: [Step] = []
        var (left, right) = (0, 0)
        while left < before.count || right < after.count {
            if removed.contains(left) {
                steps.append(.removed(before[left]))
                left += 1
            } else if added.contains(right) {
                steps.append(.added(after[right]))
                right += 1
            } else {
                steps.append(.kept(before[left]))
                left += 1
                right += 1
            }
        }
        self.steps = steps
    }

    private static func lines(_ text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// The hunks under a file's name; empty when nothing differs.
    func unified(name: String) -> String {
        var near = [Bool](repeating: false, count: steps.count)
        for (place, step) in steps.enumerated() {
            if case .kept = step { continue }
            for neighbour in max(0, place - LineDiff.context)...min(steps.count - 1, place + LineDiff.context) {
                near[neighbour] = true
            }
        }
        var text = ""
        var (left, right) = (1, 1)
        var place = 0
        while place < steps.count {
            guard near[place] else {
                (left, right) = (left + 1, right + 1)
                place += 1
                continue
            }
            let end = near[place...].firstIndex(of: false) ?? steps.count
            var (removed, added) = (0, 0)
            var body = ""
            for step in steps[place..<end] {
                switch step {
                case .kept(let line):
                    body += " \(line)\n"
                    (removed, added) = (removed + 1, added + 1)
                case .removed(let line):
                    body += "-\(line)\n"
                    removed += 1
                case .added(let line):
                    body += "+\(line)\n"
                    added += 1
                }
            }
            text += "@@ -\(left),\(removed) +\(right),\(added) @@\n\(body)"
            (left, right) = (left + removed, right + added)
            place = end
        }
        return text.isEmpty ? "" : "--- \(name)\n+++ \(name)\n\(text)"
    }
}
