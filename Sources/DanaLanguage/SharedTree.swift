/// A syntax tree held by reference. Where the compiler does not optimise, a struct of that size is copied to the stack
/// at each use, and functions that call each other over a tree must keep small frames.
final class SharedTree {
    private let tree: SyntaxTree

    init(_ tree: SyntaxTree) {
        self.tree = tree
    }

    // MARK: Nodes

    subscript(list: NodeList) -> ArraySlice<NodeID> { tree[list] }
    subscript(list: NodeList, place: Int) -> NodeID { tree[list, place] }
    func kind(_ node: NodeID) -> SyntaxKind { tree.kind(node) }
    func range(_ node: NodeID) -> SyntaxRange { tree.range(node) }
    func children(_ node: NodeID) -> NodeList { tree.children(node) }
    func child(_ node: NodeID, _ place: Int) -> NodeID { tree.child(node, place) }
    func optionalChild(_ node: NodeID, _ place: Int) -> NodeID? { tree.optionalChild(node, place) }
    func symbol(_ node: NodeID) -> Symbol { tree.symbol(node) }
    func scope(_ node: NodeID) -> VariableScope { tree.scope(node) }
    func text(_ node: NodeID) -> ArraySlice<UInt8> { tree.text(node) }
    func documentation(ofBlock block: NodeID) -> NodeID? { tree.documentation(ofBlock: block) }

    // MARK: Expressions

    func `operator`(_ node: NodeID) -> SyntaxOperator { tree.operator(node) }
    func operators(_ node: NodeID) -> ArraySlice<SyntaxOperator> { tree.operators(node) }
    func chain(_ node: NodeID) -> ChainSyntax { tree.chain(node) }
    func range(ofChain node: NodeID, through place: Int) -> SyntaxRange { tree.range(ofChain: node, through: place) }
    func slice(_ node: NodeID) -> SliceSyntax { tree.slice(node) }
    func walrus(_ node: NodeID) -> WalrusSyntax { tree.walrus(node) }
    func lambda(_ node: NodeID) -> LambdaSyntax { tree.lambda(node) }
    func interpolation(_ node: NodeID) -> InterpolationSyntax { tree.interpolation(node) }
    func comprehension(_ node: NodeID) -> ComprehensionSyntax { tree.comprehension(node) }
    func forClause(_ node: NodeID) -> ForClauseSyntax { tree.forClause(node) }
    func pipeline(_ node: NodeID) -> PipelineSyntax { tree.pipeline(node) }
    func namedStage(_ node: NodeID) -> NamedStageSyntax { tree.namedStage(node) }
    func dictionary(_ node: NodeID) -> DictionarySyntax { tree.dictionary(node) }
    func key(of dictionary: DictionarySyntax, _ entry: Int) -> NodeID? { tree.key(of: dictionary, entry) }
    func value(of dictionary: DictionarySyntax, _ entry: Int) -> NodeID { tree.value(of: dictionary, entry) }

    // MARK: Statements

    func assignment(_ node: NodeID) -> AssignmentSyntax { tree.assignment(node) }
    func typedAssignment(_ node: NodeID) -> TypedAssignmentSyntax { tree.typedAssignment(node) }
    func augmentedAssignment(_ node: NodeID) -> AugmentedAssignmentSyntax { tree.augmentedAssignment(node) }
    func arms(_ node: NodeID) -> ArmsSyntax { tree.arms(node) }
    func condition(of arms: ArmsSyntax, _ arm: Int) -> NodeID { tree.condition(of: arms, arm) }
    func outcome(of arms: ArmsSyntax, _ arm: Int) -> NodeID { tree.outcome(of: arms, arm) }
    func whileStatement(_ node: NodeID) -> WhileSyntax { tree.whileStatement(node) }
    func forStatement(_ node: NodeID) -> ForSyntax { tree.forStatement(node) }
    func tryStatement(_ node: NodeID) -> TrySyntax { tree.tryStatement(node) }
    func exceptClause(_ node: NodeID) -> ExceptClauseSyntax { tree.exceptClause(node) }
    func withStatement(_ node: NodeID) -> WithSyntax { tree.withStatement(node) }
    func withItem(_ node: NodeID) -> WithItemSyntax { tree.withItem(node) }
    func matchStatement(_ node: NodeID) -> MatchSyntax { tree.matchStatement(node) }
    func matchCase(_ node: NodeID) -> MatchCaseSyntax { tree.matchCase(node) }
    func mappingPattern(_ node: NodeID) -> MappingPatternSyntax { tree.mappingPattern(node) }
    func key(of mapping: MappingPatternSyntax, _ entry: Int) -> NodeID { tree.key(of: mapping, entry) }
    func pattern(of mapping: MappingPatternSyntax, _ entry: Int) -> NodeID { tree.pattern(of: mapping, entry) }
    func classPattern(_ node: NodeID) -> ClassPatternSyntax { tree.classPattern(node) }
    func asPattern(_ node: NodeID) -> AsPatternSyntax { tree.asPattern(node) }

    // MARK: Definitions and imports

    func functionDefinition(_ node: NodeID) -> FunctionDefinitionSyntax { tree.functionDefinition(node) }
    func pipelineDefinition(_ node: NodeID) -> PipelineDefinitionSyntax { tree.pipelineDefinition(node) }
    func parameter(_ node: NodeID) -> ParameterSyntax { tree.parameter(node) }
    func parameterKind(_ node: NodeID) -> ParameterKind { tree.parameterKind(node) }
    func typeDefinition(_ node: NodeID) -> TypeDefinitionSyntax { tree.typeDefinition(node) }
    func field(_ node: NodeID) -> FieldSyntax { tree.field(node) }
    func enumMemberValue(_ node: NodeID) -> NodeID? { tree.enumMemberValue(node) }
    func methodSignature(_ node: NodeID) -> MethodSignatureSyntax { tree.methodSignature(node) }
    func importClause(_ node: NodeID) -> ImportClauseSyntax { tree.importClause(node) }
    func importItemName(_ node: NodeID) -> NodeID { tree.importItemName(node) }
    func fromImport(_ node: NodeID) -> FromImportSyntax { tree.fromImport(node) }
    func modulePath(_ node: NodeID) -> ModulePathSyntax { tree.modulePath(node) }
}
