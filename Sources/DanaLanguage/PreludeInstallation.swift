import Synchronization

/// The compiled forms of the parts of the core that are written in Dana, made once a process.
final class PreludeCode: Sendable {
    static let shared = PreludeCode()

    private let codes = Mutex<[String: Code]>([:])

    /// Nil for a text that does not compile, which the tests rule out.
    func code(of source: SourceText) -> Code? {
        if let code = codes.withLock({ $0[source.name] }) { return code }
        guard let code = try? Compiler.compile(source).code else { return nil }
        return codes.withLock { codes in
            if let other = codes[source.name] { return other }
            codes[source.name] = code
            return code
        }
    }

    /// The functions that a text defines, each by a code of its own; a text that does not compile has none, which the
    /// tests rule out.
    static func functions(of source: SourceText) -> [(name: String, code: Code)] {
        let tree = Parser.parse(source).tree
        guard tree.isValid else { return [] }
        return tree[tree.children(tree.root)].compactMap { node in
            guard tree.kind(node) == .functionDefinition else { return nil }
            let range = tree.range(node)
            let text = SourceText(
                bytes: Array(source.bytes[Int(range.start)..<Int(range.end)]) + [UInt8(ascii: "\n")], name: source.name)
            let name = tree.text(tree.symbol(tree.functionDefinition(node).name))
            guard let code = try? Compiler.compile(text).code else { return nil }
            return (name, code)
        }
    }
}

/// Running the parts of the core that are written in Dana.
extension Machine {
    /// Runs a text of definitions in a module: its body makes functions and calls nothing.
    func runPrelude(_ source: SourceText, in module: ModuleObject) throws(DanaError) {
        guard let code = PreludeCode.shared.code(of: source) else {
            throw heap.error(.systemError, "\(source.name) does not compile")
        }
        try run(prelude: code, in: module)
    }

    func run(prelude code: Code, in module: ModuleObject) throws(DanaError) {
        let linked = try link(code, module: module)
        let fiber = try makeFiber()
        defer { discard(fiber) }
        heap.retain(module.value)
        do {
            try pushFirst(linked, function: module.value, purpose: .bottom, fiber)
        } catch {
            heap.release(module.value)
            throw error
        }
        if case .failed(let error) = execute(fiber) { throw error }
    }

    /// Whether a module's functions are the language's own, which may use names that programs do not see.
    func isOwn(_ module: ModuleObject) -> Bool {
        module.at == core.at || catalogue.modules.contains { $0.name == module.name }
    }
}

extension SourceText {
    /// What the names of the core's own texts begin with; errors are placed where a program called them.
    static let preludePrefix = "<prelude"

    var isPrelude: Bool { name.hasPrefix(SourceText.preludePrefix) }
}
