/// All that the functions of one program have in common while they are compiled.
final class ProgramText {
    let source: SourceText
    let tree: SyntaxTree
    let shared: SharedTree
    let resolution: Resolution
    /// Where each `name := value` begins, in order.
    private let walruses: [UInt32]
    /// Where each `$$` begins, in order.
    private let placeholders: [UInt32]
    /// Where each struct, enum and interface is defined, by its name.
    private var typeDefinitions: [Symbol: SyntaxRange] = [:]
    /// The compiled functions, by their index in the resolution.
    @exclusivity(unchecked) private(set) var codes: [Code?]
    /// By symbol, once one is asked for.
    @exclusivity(unchecked) private var names: [String?] = []
    /// What the compilers of the functions use one after the other.
    @exclusivity(unchecked) var buffers: CodeBuilder.Buffers
    /// The first thing that cannot be compiled.
    private(set) var failure: Diagnostic?

    init(_ source: SourceText, _ tree: SyntaxTree, _ resolution: Resolution) {
        self.source = source
        self.tree = tree
        shared = SharedTree(tree)
        self.resolution = resolution
        // As appending does it, for an array that is made of repetitions looks for its type at run time.
        codes = []
        codes.append(contentsOf: repeatElement(nil, count: resolution.functions.count))
        buffers = CodeBuilder.Buffers(expecting: min(tree.nodeCount, 256))
        var walruses: [UInt32] = []
        var placeholders: [UInt32] = []
        for node in tree.nodes {
            switch node.kind {
            case .walrus: walruses.append(node.range.start)
            case .placeholder: placeholders.append(node.range.start)
            case .structDefinition, .enumDefinition, .interfaceDefinition:
                let name = tree.links[Int(node.firstChild)]
                typeDefinitions[tree.symbol(name)] = node.range
            default: break
            }
        }
        self.walruses = walruses.count > 1 ? walruses.sorted() : walruses
        self.placeholders = placeholders.count > 1 ? placeholders.sorted() : placeholders
    }

    /// Whether every function checks its annotations.
    var isStrict: Bool { resolution.isStrict }

    func name(_ symbol: Symbol) -> String {
        let index = Int(symbol.rawValue)
        if names.isEmpty { names = Array(repeating: nil, count: tree.symbols.count) }
        if let name = names[index] { return name }
        let name = tree.text(symbol)
        names[index] = name
        return name
    }

    /// A piece of the source.
    func text(of range: SyntaxRange) -> String {
        String(decoding: source.bytes[Int(range.start)..<Int(range.end)], as: UTF8.self)
    }

    /// Whether an assignment within an expression begins between two places.
    func hasWalrus(from start: UInt32, to end: UInt32) -> Bool {
        !walruses.isEmpty && ProgramText.contains(walruses, from: start, to: end)
    }

    /// Whether a `$$` stands anywhere beneath a node.
    func hasPlaceholder(_ node: NodeID) -> Bool {
        guard !placeholders.isEmpty else { return false }
        let range = tree.range(node)
        return ProgramText.contains(placeholders, from: range.start, to: range.end)
    }

    /// Whether a name in a function does not name a type that the function itself defines only further down.
    func isTypeDefined(_ name: NodeID, in function: FunctionScope) -> Bool {
        guard let definition = typeDefinitions[tree.symbol(name)] else { return true }
        let body = tree.range(function.node)
        return definition.end <= tree.range(name).start || definition.start < body.start || body.end < definition.end
    }

    /// Compiles all functions, inner ones before those around them.
    func compile() {
        for index in resolution.functions.indices.reversed() {
            codes[index] = FunctionCompiler.compile(index, in: self)
        }
    }

    func fail(_ diagnostic: Diagnostic) {
        if failure == nil { failure = diagnostic }
    }

    /// A function's compiled form, checked.
    func code(_ parts: consuming Code.Parts, overflow: CodeBuilder.Overflow?, at node: NodeID) -> Code? {
        let name = parts.name
        if let overflow {
            fail(
                Diagnostic(
                    .error, code: "too-large", "function too large: \(name) has too many \(overflow.what)",
                    at: overflow.statement ?? tree.range(node),
                    hint: "split it into several statements, or into smaller functions"))
            return nil
        }
        do {
            return try Code(consume parts)
        } catch {
            fail(
                Diagnostic(
                    .error, code: "compiler", "the compiler made a faulty form of \(name): \(error.message)",
                    at: tree.range(node)))
            return nil
        }
    }

    private static func contains(_ places: [UInt32], from start: UInt32, to end: UInt32) -> Bool {
        var low = 0
        var high = places.count
        while low < high {
            let middle = (low + high) / 2
            if places[middle] < start { low = middle + 1 } else { high = middle }
        }
        return low < places.count && places[low] < end
    }
}
