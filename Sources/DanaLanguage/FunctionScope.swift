/// A piece of a program with registers of its own: the module, a function, and what the language
/// makes a function of.
public struct FunctionScope: Sendable {
    public enum Kind: UInt8, Sendable {
        case module
        /// Of a `functionDefinition`: parameters in order, after the receiver when there is one.
        case function
        /// Of a `pipelineDefinition`; see `callsFirstStage`.
        case pipelineFunction
        /// Of a `lambda`.
        case lambda
        /// Of a `generatorExpression`: register 0 is the iterator of the first clause's iterable, which
        /// stands outside.
        case generatorExpression
        /// Of a `pipe`: its stages from `firstStage` on, since one of them has a name or holds `$$`.
        /// Register 0 is the value that comes in, and all along the value that flows.
        case pipeTail
        /// Of a `stageItem`. Register 0 is the value.
        case stageItem
        /// Of a `field` whose default is not a literal: evaluates the default, for every new value.
        case fieldDefault
    }

    /// A variable that inner functions see.
    public struct Cell: Sendable {
        public let symbol: Symbol
        /// The register of the parameter whose argument the cell begins with.
        public let parameter: Int?
        /// The node whose entry makes the cell: the function, or a comprehension in it.
        public let owner: NodeID
    }

    /// A variable of an enclosing function.
    public struct FreeVariable: Sendable {
        public let symbol: Symbol
        /// Where the enclosing function has its cell: a `cell` or a `free` binding there.
        public let source: Binding
    }

    public let kind: Kind
    /// The node that opens it.
    public let node: NodeID
    /// The index of the function around it; nil for the module.
    public let parent: Int?
    /// Registers 0 and up hold the arguments, in the order of the parameters.
    public internal(set) var parameterCount = 0
    /// Names of the registers with variables, by register; parameters first. A comprehension's
    /// variables have registers too. `Symbol.none` for what has no name in the program.
    public internal(set) var localNames: [Symbol] = []
    public internal(set) var cells: [Cell] = []
    public internal(set) var freeVariables: [FreeVariable] = []
    public internal(set) var isGenerator = false
    /// The first stage of a `pipeTail` that belongs to it. When it is 1 and stage 0 is a `namedStage`, the
    /// value that comes in gets that name; 0 makes the pipe a function of the value.
    public internal(set) var firstStage = 0
    /// Whether the first stage of a `pipelineFunction`, or all of its expression when that is no pipe,
    /// is called with the parameters where it is a function, since it does not mention one.
    public internal(set) var callsFirstStage = false

    init(kind: Kind, node: NodeID, parent: Int?) {
        self.kind = kind
        self.node = node
        self.parent = parent
    }
}
