import DanaLanguage

/// A test file's text in which assertions without a message say, when they fail, what the values were.
///
/// `assert a == b` becomes `assert (_1 := (a)) == (_2 := (b)), f"{_1!r} == {_2!r}"`: on the same lines, and at the same
/// place where it begins.
enum AssertionText {
    static func explaining(_ source: SourceText) -> SourceText {
        let parsed = Parser.parse(source)
        guard !parsed.hasErrors else { return source }
        var edits: [(range: SyntaxRange, text: [UInt8])] = []
        for index in 0..<parsed.tree.nodeCount {
            let node = NodeID(rawValue: Int32(index))
            guard parsed.tree.kind(node) == .assertStatement else { continue }
            if let edit = edit(of: node, in: parsed.tree, source) { edits.append(edit) }
        }
        var bytes = source.bytes
        for edit in edits.sorted(by: { $0.range.start > $1.range.start }) {
            bytes.replaceSubrange(Int(edit.range.start)..<Int(edit.range.end), with: edit.text)
        }
        return SourceText(bytes: bytes, name: source.name)
    }

    private static func edit(of node: NodeID, in tree: SyntaxTree, _ source: SourceText)
        -> (range: SyntaxRange, text: [UInt8])?
    {
        let parts = tree.children(node)
        guard parts.count < 2 || tree[parts, 1].isNone else { return nil }
        let test = tree[parts, 0]
        func text(_ node: NodeID) -> String {
            let range = tree.range(node)
            return String(decoding: source.bytes[Int(range.start)..<Int(range.end)], as: UTF8.self)
        }
        guard tree.kind(test) == .comparison, tree.children(test).count == 2 else {
            return (tree.range(test), Array("(_1 := (\(text(test)))), f\"the value is {_1!r}\"".utf8))
        }
        let (left, right) = (tree.child(test, 0), tree.child(test, 1))
        let between = source.bytes[Int(tree.range(left).end)..<Int(tree.range(right).start)]
        let sign = String(decoding: between, as: UTF8.self).filter { !"()\\\n\r".contains($0) }
        guard !sign.contains("#") else { return nil }
        let words = sign.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let lines = between.count { $0 == UInt8(ascii: "\n") }
        let breaks = String(repeating: "\\\n", count: lines)
        let message = "f\"{_1!r} \(words) {_2!r}\""
        let changed = "(_1 := (\(text(left)))) \(breaks)\(words) (_2 := (\(text(right)))), \(message)"
        return (tree.range(test), Array(changed.utf8))
    }
}
