import DanaData

// What is said about names that are unread, unknown or misspelt.

extension Resolver {
    /// Names of a function or of an import that are set and never read.
    mutating func warnOfUnread(_ entry: Entry, inModule: Bool) {
        guard entry.origin != .other, entry.reads == 0, !entry.isDeleted else { return }
        if entry.origin == .assignment {
            guard !inModule, isFunction(resolution.functions[scopes[Int(entry.scope)].function].kind) else { return }
        }
        let name = tree.text(entry.symbol)
        guard !name.hasPrefix("_") else { return }
        if entry.origin == .import {
            report(.warning, "unused-import", "'\(name)' is imported and never used", at: entry.node)
        } else {
            report(
                .warning, "unused-name", "'\(name)' is set and never read", at: entry.node,
                hint: "a name that begins with '_' may stay unread")
        }
    }

    /// Says what is wrong with a name that no scope of the program has.
    mutating func judgeUndefined(_ entry: Entry) {
        guard let names, entry.reads > 0, resolution.diagnostics.count < limit else { return }
        let name = tree.text(entry.symbol)
        if let alternative = names.blocked[name] {
            report(.warning, "blocked-name", "'\(name)' is not available in Dana", at: entry.node, hint: alternative)
            return
        }
        guard !importsUnknownNames, !names.known.contains(name), LanguageWord.scope(entry.symbol) == nil,
            !TypeWord.isKnown(name)
        else { return }
        let own = resolution.moduleNames.prefix(2_000).map(tree.text)
        let near =
            LiteralWord.meant(by: name) ?? Spelling.nearest(to: name, among: own)
            ?? LiteralWord.near(name) ?? Spelling.nearest(to: name, among: names.known.sorted())
        report(
            .warning, "undefined-name", "name '\(name)' is not defined", at: entry.node,
            hint: near.map { "did you mean '\($0)'?" })
    }

    /// Says where a type of the language has another number of types in its brackets than it takes.
    mutating func judgeTypesWithBrackets() {
        for node in typesWithBrackets {
            let parts = tree.chain(node)
            let name = tree.text(tree.symbol(parts.base))
            let isProgramsOwn = resolution.bindings[Int(parts.base.rawValue)].kind != .global
            guard !isProgramsOwn, let count = TypeWord.typeCount(of: name) else { continue }
            let index = tree.child(tree[parts.suffixes, 0], 0)
            let given = tree.kind(index) == .tuple ? tree.children(index).count : 1
            if given == count { continue }
            let wanted = count == 0 ? "no types" : count == 1 ? "one type" : "\(count) types"
            report(
                .warning, "type-brackets", "'\(name)' takes \(wanted) in brackets, got \(given)", at: node,
                hint: name == "list" && given > 1 ? "write tuple[...] for items of several types, or list[A | B]" : nil)
        }
    }

    /// Refuses `private.x` where `private` is no name of the program.
    mutating func judgeScopeDots() {
        for use in scopeDots where entries[Int(use.entry)].binding.kind == .global {
            let scope = tree.text(entries[Int(use.entry)].symbol)
            let name = tree.text(tree.symbol(tree.child(use.node, 1)))
            report(
                .error, "syntax", "'\(scope)' is a scope, and its variables are written with a colon",
                at: use.node, hint: "did you mean '\(scope):\(name)'?")
        }
    }
}
