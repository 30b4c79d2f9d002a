/// Compiles one function, or the module, to a `Code`.
///
/// Registers: the parameters as calls fill them, then the other variables, then the cells the function makes, then
/// temporaries, which are taken and given back like a stack. An expression is compiled into a target register. When
/// that is a variable's, it is written once and last, so that the expression can read the variable and an exception
/// leaves it as it was; a temporary may hold parts of the result before.
///
/// It is a class so that its functions, which call each other over the tree, keep small frames without optimisation.
/// Nothing that changes one of its variables uses another way to that variable, so no check of that is made at run time.
final class FunctionCompiler {
    let text: ProgramText
    let tree: SharedTree
    let resolution: Resolution
    let scope: FunctionScope
    @exclusivity(unchecked) var code: CodeBuilder

    /// The register of each variable whose place among the arguments differs from its index.
    @exclusivity(unchecked) private var argumentRegisters: [Int] = []
    let firstCell: Int
    /// The numbers of the cells that each node makes.
    private let cellsByOwner: [NodeID: [Int]]
    let firstTemporary: Int
    /// Whether the function checks its arguments and its result.
    let checksOwnAnnotations: Bool
    /// The next free register.
    @exclusivity(unchecked) private(set) var top: Int
    @exclusivity(unchecked) private var registerCount: Int

    /// The struct of which a field's type is compiled, and whether that holds names of types that are not there yet.
    @exclusivity(unchecked) var openField: (structName: Symbol, namesTypes: Bool)?

    /// The `...` that stand in indexes.
    @exclusivity(unchecked) private var ellipses: Set<NodeID> = []

    /// The register of an index, in which `...` is not null.
    func indexOperand(_ node: NodeID, until end: UInt32 = 0) -> Int {
        let parts = tree.kind(node) == .tuple ? Array(tree[tree.children(node)]) : [node]
        ellipses.formUnion(parts.filter { tree.kind($0) == .ellipsis })
        return operand(node, until: end)
    }

    /// `...`: null, and in an index the slice that stands for it there, which only the host's objects take.
    func ellipsis(_ node: NodeID, into target: Int) {
        let place = tree.range(node)
        guard ellipses.contains(node) else { return code.emit(.loadNull, a: target, at: place) }
        let first = push()
        let parts: [Code.Constant] = [.string(SliceObject.ellipsis), .null, .string(SliceObject.ellipsis)]
        load(parts[0], into: first, at: place)
        for part in parts[1...] { load(part, into: push(), at: place) }
        code.emit(.makeSlice, a: target, b: first, at: place)
    }

    /// What surrounds the code being compiled, outermost first: loops, and all that leaving them must do.
    @exclusivity(unchecked) var surroundings: [Surrounding] = []

    init(_ text: ProgramText, scope: consuming FunctionScope, name: String) {
        self.text = text
        tree = text.shared
        resolution = text.resolution
        self.scope = consume scope
        code = CodeBuilder(name: name, source: text.source, isStrict: text.isStrict)
        checksOwnAnnotations = FunctionCompiler.checksAnnotations(self.scope, in: text)
        firstCell = FunctionCompiler.firstCell(of: self.scope)
        let cells = self.scope.cells
        cellsByOwner = cells.isEmpty ? [:] : Dictionary(grouping: cells.indices) { cells[$0].owner }
        firstTemporary = firstCell + cells.count
        top = firstTemporary
        registerCount = firstTemporary
        code.exchange(&text.buffers)
    }

    /// The compiled form of what has been compiled so far.
    func finish() -> Code? {
        code.setCaptures(scope.freeVariables.map { capture($0.source) })
        let (parts, overflow) = code.finish(registerCount: registerCount)
        code.exchange(&text.buffers)
        return text.code(consume parts, overflow: overflow, at: scope.node)
    }

    private func capture(_ source: Binding) -> Code.Capture {
        guard source.kind == .cell, let parent = scope.parent else { return .capture(source.index) }
        return .register(FunctionCompiler.firstCell(of: resolution.functions[parent]) + source.index)
    }

    /// The register of a function's first cell, behind its variables.
    private static func firstCell(of scope: FunctionScope) -> Int {
        max(scope.localNames.count, scope.parameterCount)
    }

    /// Says where arguments arrive, for parameters that do not stand in the order in which calls fill registers.
    func setArguments(_ registers: [Int]) {
        argumentRegisters = registers
    }

    /// The numbers of the cells that are made at the entry to a node.
    func cells(ownedBy node: NodeID) -> [Int] { cellsByOwner[node] ?? [] }

    // MARK: Registers

    @inline(__always)
    func register(ofLocal index: Int) -> Int {
        index < argumentRegisters.count ? argumentRegisters[index] : index
    }

    /// Takes the next temporary.
    func push() -> Int {
        let register = top
        top += 1
        if top > registerCount { registerCount = top }
        return register
    }

    /// Gives back the temporaries from a register on.
    func pop(to register: Int) {
        top = register
    }

    /// Whether a register may hold parts of a result.
    @inline(__always)
    func isTemporary(_ register: Int) -> Bool { register >= firstTemporary }

    /// A temporary for parts of a result: the target where it is one.
    func scratch(for target: Int) -> Int {
        isTemporary(target) ? target : push()
    }

    /// Brings a finished result from its temporary to its target.
    func deliver(_ register: Int, to target: Int, at place: SyntaxRange) {
        if register != target { code.emit(.take, a: target, b: register, at: place) }
    }
}
