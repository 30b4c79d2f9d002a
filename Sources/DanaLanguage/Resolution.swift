/// What the resolver found out about a tree: where each name lives, what each function needs, and what
/// is worth a word.
///
/// Bindings stand on `name`, `scopedName` (of the local scope), `placeholder`, `parameter`,
/// `capturePattern`, and on the nodes that open a function: `functionDefinition`, `pipelineDefinition`,
/// `lambda`, `generatorExpression`, `pipe` (when it has a tail function), `stageItem`, `field` (when its
/// default is not a literal). A comprehension of a list, set or dictionary runs in the function around
/// it, with registers of its own. A name in the annotations of a function that checks them is bound as that function
/// reads it when it is called, except in its receiver's.
public struct Resolution: Sendable {
    /// The module first; a function comes after the one around it.
    public internal(set) var functions: [FunctionScope] = []
    /// The module's variables, by the index of `module` bindings.
    public internal(set) var moduleNames: [Symbol] = []
    public internal(set) var diagnostics: [Diagnostic] = []
    /// Whether every function checks its annotations, or only those under `@strict`.
    let isStrict: Bool
    /// By node.
    var bindings: [Binding] = []
    /// The stages in pipe tails that hold `$$` or the name of a stage before them.
    var placedStages: Set<NodeID> = []

    init(isStrict: Bool = false) { self.isStrict = isStrict }

    /// Where the name at a node lives.
    public func binding(_ node: NodeID) -> Binding { bindings[Int(node.rawValue)] }

    /// The index of the function that a node opens, if it opens one.
    public func function(openedBy node: NodeID) -> Int? {
        let binding = binding(node)
        return binding.kind == .function ? binding.index : nil
    }

    /// Whether a stage in the tail of a pipe (the `namedStage`, when it has a name) is evaluated for its
    /// value; any other is applied to the value that flows.
    public func isPlaced(_ stage: NodeID) -> Bool { placedStages.contains(stage) }
}
