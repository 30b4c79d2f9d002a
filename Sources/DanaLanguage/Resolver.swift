/// Finds out where each name of a program lives.
///
/// One walk over the tree in the order in which a program runs makes an entry for each name in each
/// scope that sets or reads it, and follows which names are surely set where they are read. A name that
/// a scope only reads is handed to the scope around it when the scope ends. At last, from the outside
/// in, each entry gets its binding.
public struct Resolver {
    let tree: SyntaxTree
    let names: ResolverNames?
    let limit: Int

    var resolution: Resolution
    var entries: [Entry] = []
    var scopes: [Scope] = []
    /// The innermost open scope.
    var scope = 0
    /// The innermost entry of each symbol.
    var innermost: [Int32]
    /// The names that are read or set, with their entries.
    var uses: [Use] = []
    /// The names in the annotations that functions check when they are called.
    var typeReads: [TypeRead] = []
    var flow = Flow()
    var loops: [Loop] = []
    /// How many pipe tails and stage items are open here: inside them `$$` means something.
    var openStages = 0
    /// Places where an attribute of a name such as `private` is read, judged when all names are known.
    var scopeDots: [Use] = []
    /// In how many iterables of comprehensions the place lies that the walk has come to.
    var comprehensionIterables = 0
    /// The annotations with types in brackets.
    var typesWithBrackets: [NodeID] = []
    /// Whether some import brings names that cannot be known here.
    var importsUnknownNames = false

    /// One name in one scope.
    struct Entry {
        let symbol: Symbol
        let scope: Int32
        /// The entry of the same symbol in a scope further out, while both are open.
        var previous: Int32
        /// The next entry of the scope.
        var next: Int32 = -1
        /// The entry in the scope around, for a name that the scope does not have itself.
        var outer: Int32 = -1
        /// How often it is read, here and further in.
        var reads: Int32 = 0
        var register: Int32 = -1
        /// Where it is first set, or first read when it is never set.
        var node: NodeID
        var isBound = false
        var isParameter = false
        var isGlobal = false
        var isNonlocal = false
        var isCaptured = false
        var isDeleted = false
        /// Whether it surely has a value at the place that the walk has come to.
        var isSet = false
        /// Whether a name of a function around may be unset when this function is made.
        var mayBeUnsetOutside = false
        var origin = Origin.other
        var binding = Binding.none
    }

    /// What sets a name first, which decides whether leaving it unread deserves a word.
    enum Origin {
        case assignment
        case `import`
        case other
    }

    struct Scope {
        let node: NodeID
        let parent: Int
        let depth: Int32
        /// The function whose registers it uses.
        let function: Int
        /// Whether it is a comprehension, which has names but no registers of its own.
        let isComprehension: Bool
        var firstEntry: Int32 = -1
        var lastEntry: Int32 = -1
    }

    struct Use {
        let node: NodeID
        let entry: Int32
        let mayBeUnset: Bool
    }

    /// A name that a function reads when it is called, and that stands in the scope around it.
    struct TypeRead {
        let use: Use
        let function: Int
    }

    struct Loop {
        let function: Int
        var hasBreak = false
    }

    /// Resolves a program. Without names that are known, no name counts as undefined.
    public static func resolve(
        _ tree: SyntaxTree, names: ResolverNames? = nil, isStrict: Bool = false, limits: ParserLimits = ParserLimits()
    ) -> Resolution {
        var resolver = Resolver(tree, names, isStrict: isStrict, limits.diagnostics)
        resolver.prepare()
        return resolver.run()
    }

    private init(_ tree: SyntaxTree, _ names: ResolverNames?, isStrict: Bool, _ limit: Int) {
        self.tree = tree
        resolution = Resolution(isStrict: isStrict)
        self.names = names
        self.limit = limit
        innermost = []
    }

    /// Makes room for what a tree of this size has. It is apart from `init`, which would copy the resolver, and appends,
    /// for an array that is made of repetitions looks for its type at run time.
    private mutating func prepare() {
        innermost.append(contentsOf: repeatElement(-1, count: tree.symbols.count))
        resolution.bindings.append(contentsOf: repeatElement(.none, count: tree.nodeCount))
        uses.reserveCapacity(tree.nodeCount / 2)
        entries.reserveCapacity(tree.nodeCount / 8)
    }

    /// What there is to know of the names; nothing is left to go on with.
    private mutating func run() -> Resolution {
        openFunction(.module, tree.root)
        visitStatements(tree.root)
        closeScope()
        bindFromOutside()
        for use in uses { resolution.bindings[Int(use.node.rawValue)] = binding(of: use) }
        for read in typeReads { bind(read) }
        judgeScopeDots()
        judgeTypesWithBrackets()
        if resolution.diagnostics.count > 1 {
            resolution.diagnostics.sort { $0.range.start < $1.range.start }
        }
        // Exchanged, for reading it from outside copies the whole resolver.
        var finished = Resolution()
        swap(&finished, &resolution)
        return finished
    }

    private func binding(of use: Use) -> Binding {
        let entry = entries[Int(use.entry)]
        let binding = entry.binding
        let mayBeUnset = use.mayBeUnset && (binding.kind != .free || entry.mayBeUnsetOutside)
        return mayBeUnset || entry.isDeleted ? Binding(binding.kind, binding.index, mayBeUnset: true) : binding
    }

    /// Lets a function have the variable of the function around it that its annotation names.
    private mutating func bind(_ read: TypeRead) {
        let outer = binding(of: read.use)
        guard outer.kind == .cell || outer.kind == .free else { return }
        let source = Binding(outer.kind, outer.index)
        let variables = resolution.functions[read.function].freeVariables
        let index = variables.firstIndex { $0.source == source } ?? variables.count
        if index == variables.count {
            resolution.functions[read.function].freeVariables.append(
                FunctionScope.FreeVariable(symbol: entries[Int(read.use.entry)].symbol, source: source))
        }
        resolution.bindings[Int(read.use.node.rawValue)] = Binding(.free, index, mayBeUnset: outer.mayBeUnset)
    }

    // MARK: Findings

    mutating func report(
        _ severity: Diagnostic.Severity, _ code: String, _ message: String, at node: NodeID, hint: String? = nil
    ) {
        guard resolution.diagnostics.count < limit else { return }
        resolution.diagnostics.append(
            Diagnostic(severity, code: code, message, at: tree.range(node), hint: hint))
    }

    // MARK: Scopes

    /// Opens a function in the scope that is open; gives its index.
    @discardableResult
    mutating func openFunction(_ kind: FunctionScope.Kind, _ node: NodeID) -> Int {
        let function = resolution.functions.count
        let parent = scopes.isEmpty ? nil : scopes[scope].function
        resolution.functions.append(FunctionScope(kind: kind, node: node, parent: parent))
        if kind != .module { resolution.bindings[Int(node.rawValue)] = Binding(.function, function) }
        open(Scope(node: node, parent: scope, depth: nextDepth, function: function, isComprehension: false))
        return function
    }

    mutating func openComprehension(_ node: NodeID) {
        open(
            Scope(
                node: node, parent: scope, depth: nextDepth, function: scopes[scope].function, isComprehension: true))
    }

    private var nextDepth: Int32 { scopes.isEmpty ? 0 : scopes[scope].depth + 1 }

    private mutating func open(_ new: Scope) {
        scope = scopes.count
        scopes.append(new)
    }

    /// Ends the innermost scope: gives its names registers or cells, and hands those that it does not
    /// have to the scope around it.
    mutating func closeScope() {
        let closing = scope
        let function = scopes[closing].function
        let isModule = closing == 0
        scope = scopes[closing].parent
        var place = scopes[closing].firstEntry
        while place >= 0 {
            let index = Int(place)
            place = entries[index].next
            innermost[Int(entries[index].symbol.rawValue)] = entries[index].previous
            if entries[index].isBound, !entries[index].isGlobal, !entries[index].isNonlocal {
                isModule ? bindInModule(index) : bind(index, in: closing, function)
            } else if !isModule {
                handOut(index, from: closing)
            }
        }
    }

    private mutating func bindInModule(_ index: Int) {
        entries[index].binding = Binding(.module, resolution.moduleNames.count)
        resolution.moduleNames.append(entries[index].symbol)
        warnOfUnread(entries[index], inModule: true)
    }

    private mutating func bind(_ index: Int, in closing: Int, _ function: Int) {
        let entry = entries[index]
        if entry.isCaptured {
            entries[index].binding = Binding(.cell, resolution.functions[function].cells.count)
            resolution.functions[function].cells.append(
                FunctionScope.Cell(
                    symbol: entry.symbol, parameter: entry.isParameter ? Int(entry.register) : nil,
                    owner: scopes[closing].node))
        } else {
            if entry.register < 0 { entries[index].register = addRegister(entry.symbol, function) }
            entries[index].binding = Binding(.local, Int(entries[index].register))
        }
        if !entry.isParameter { warnOfUnread(entry, inModule: false) }
    }

    func isFunction(_ kind: FunctionScope.Kind) -> Bool {
        kind == .function || kind == .lambda || kind == .pipelineFunction
    }

    mutating func addRegister(_ symbol: Symbol, _ function: Int) -> Int32 {
        resolution.functions[function].localNames.append(symbol)
        return Int32(truncatingIfNeeded: resolution.functions[function].localNames.count - 1)
    }

    private mutating func handOut(_ index: Int, from closing: Int) {
        let entry = entries[index]
        let staysInFunction = scopes[closing].isComprehension
        let outer =
            entry.isGlobal
            ? self.entry(entry.symbol, in: 0, entry.node) : self.entry(entry.symbol, in: scope, entry.node)
        entries[index].outer = Int32(truncatingIfNeeded: outer)
        entries[outer].reads += entry.reads
        if entry.isGlobal {
            if entry.isBound { entries[outer].isBound = true }
            return
        }
        entries[outer].isCaptured = entries[outer].isCaptured || entry.isCaptured || !staysInFunction
        entries[outer].isDeleted = entries[outer].isDeleted || entry.isDeleted
        entries[index].mayBeUnsetOutside = !isSurelySet(outer)
    }

    // MARK: Bindings from the outside in

    private mutating func bindFromOutside() {
        for scope in scopes.indices {
            var place = scopes[scope].firstEntry
            while place >= 0 {
                let index = Int(place)
                place = entries[index].next
                if entries[index].binding == .none { bindThroughOuter(index, in: scope) }
            }
        }
    }

    private mutating func bindThroughOuter(_ index: Int, in scope: Int) {
        let entry = entries[index]
        guard entry.outer >= 0 else {
            entries[index].binding = Binding(.global, Int(entry.symbol.rawValue))
            judgeUndefined(entry)
            return
        }
        let outer = entries[Int(entry.outer)]
        switch outer.binding.kind {
        case .cell, .free:
            if entry.isNonlocal || !entry.isGlobal, !scopes[scope].isComprehension {
                let function = scopes[scope].function
                entries[index].binding = Binding(.free, resolution.functions[function].freeVariables.count)
                resolution.functions[function].freeVariables.append(
                    FunctionScope.FreeVariable(symbol: entry.symbol, source: outer.binding))
            } else {
                entries[index].binding = outer.binding
            }
            entries[index].isDeleted = entry.isDeleted || outer.isDeleted
            if outer.binding.kind == .free { entries[index].mayBeUnsetOutside = outer.mayBeUnsetOutside }
        default:
            entries[index].binding = outer.binding
        }
        if entry.isNonlocal, outer.binding.kind != .cell, outer.binding.kind != .free {
            report(
                .error, "syntax", "no binding for nonlocal '\(tree.text(entry.symbol))' found", at: entry.node,
                hint: "nonlocal names a variable of a function around this one; use global for the module's")
        }
    }
}
