// Functions and how they are made.

extension FunctionCompiler {
    /// Compiles a function of the program, whichever kind of node opens it.
    static func compile(_ index: Int, in text: ProgramText) -> Code? {
        let scope = text.resolution.functions[index]
        let name = text.functionName(scope)
        let compiler = FunctionCompiler(text, scope: consume scope, name: name)
        compiler.begin()
        compiler.body()
        return compiler.finish()
    }

    private func body() {
        let node = scope.node
        switch scope.kind {
        case .module: module(node)
        case .function:
            block(tree.functionDefinition(node).body)
            returnNull(at: node)
        case .pipelineFunction: pipelineBody(tree.pipelineDefinition(node).pipe)
        case .lambda: returnValue(of: tree.lambda(node).body)
        case .generatorExpression:
            generatorBody(node)
            returnNull(at: node)
        case .pipeTail: pipeTail(node)
        case .stageItem: returnValue(of: tree.child(node, 0))
        case .fieldDefault: returnValue(of: tree.field(node).defaultValue ?? node)
        }
    }

    /// The module's statements. Its value is that of its last statement, when that is an expression.
    private func module(_ node: NodeID) {
        let statements = tree.children(node)
        for place in 0..<statements.count {
            let statement = tree[statements, place]
            if place == statements.count - 1, tree.kind(statement) == .expressionStatement {
                code.statement = tree.range(statement)
                returnValue(of: tree.child(statement, 0))
                return
            }
            self.statement(statement)
        }
        returnNull(at: node)
    }

    private func returnNull(at node: NodeID) {
        let end = tree.range(node).end
        returnNull(at: SyntaxRange(start: end, end: end))
    }

    private func returnNull(at place: SyntaxRange) {
        checkNull(at: place)
        code.emit(.returnNull, at: place)
    }

    private func returnValue(of node: NodeID) {
        let value = push()
        expression(node, into: value)
        code.emit(.return, a: value, at: tree.range(node))
    }

    // MARK: Header

    private func begin() {
        var documentation: String?
        if scope.kind == .module, let node = tree.documentation(ofBlock: scope.node) {
            documentation = String(decoding: tree.text(node), as: UTF8.self)
        }
        if scope.kind == .function, let node = tree.documentation(ofBlock: tree.functionDefinition(scope.node).body) {
            documentation = String(decoding: tree.text(node), as: UTF8.self)
        }
        code.setHeader(
            parameters: parameters(), isGenerator: scope.isGenerator, isFieldMaker: scope.kind == .fieldDefault,
            documentation: documentation, annotations: annotations(), hiddenTypes: hiddenTypes(),
            start: tree.range(scope.node).start)
        if checksOwnAnnotations, let list = text.parameters(of: scope) { checkParameters(list) }
        makeCells(ownedBy: scope.node)
    }

    /// The texts of the annotations, by the parameter's name; that of the result under `return`.
    private func annotations() -> [String: String] {
        guard scope.kind == .function || scope.kind == .pipelineFunction, let list = text.parameters(of: scope) else {
            return [:]
        }
        var annotations: [String: String] = [:]
        for node in list {
            if let annotation = tree.parameter(node).annotation {
                annotations[text.name(tree.symbol(node))] = text.text(of: tree.range(annotation))
            }
        }
        if let annotation = returnAnnotation {
            annotations["return"] = text.text(of: tree.range(annotation))
        }
        return annotations
    }

    /// Names in these annotations that belong to a function around.
    private func hiddenTypes() -> Set<String> {
        guard scope.kind == .function || scope.kind == .pipelineFunction, scope.parent != 0,
            let list = text.parameters(of: scope)
        else { return [] }
        var annotations = list.compactMap { tree.parameter($0).annotation }
        if let returnAnnotation { annotations.append(returnAnnotation) }
        return hiddenNames(in: annotations)
    }

    /// The function's parameters. Where they do not stand in the order in which calls fill registers, the registers
    /// of their variables are set accordingly.
    private func parameters() -> Parameters {
        var parameters = Parameters()
        guard let list = text.parameters(of: scope) else {
            // What the language makes a function of takes one value, without a name.
            parameters.names = Array(repeating: "value", count: scope.parameterCount)
            parameters.positionalCount = scope.parameterCount
            parameters.positionalOnlyCount = scope.parameterCount
            return parameters
        }
        parameters.names.reserveCapacity(list.count)
        for node in list where tree.parameterKind(node).isPositional {
            parameters.names.append(text.name(tree.symbol(node)))
            parameters.positionalCount += 1
            if tree.parameterKind(node) == .positionalOnly { parameters.positionalOnlyCount += 1 }
            if tree.parameter(node).defaultValue != nil { parameters.positionalDefaults += 1 }
        }
        for node in list where tree.parameterKind(node) == .keywordOnly {
            parameters.names.append(text.name(tree.symbol(node)))
            parameters.keywordDefaults.append(tree.parameter(node).defaultValue != nil)
        }
        for node in list {
            if tree.parameterKind(node) == .variadic { parameters.rest = text.name(tree.symbol(node)) }
            if tree.parameterKind(node) == .keywords { parameters.keywordRest = text.name(tree.symbol(node)) }
        }
        if !parameters.isSimple { setArguments(argumentRegisters(list, parameters)) }
        return parameters
    }

    private func argumentRegisters(_ list: [NodeID], _ parameters: Parameters) -> [Int] {
        var positional = 0
        var keyword = parameters.positionalCount
        return list.map { node in
            switch tree.parameterKind(node) {
            case .positionalOnly, .positionalOrKeyword:
                positional += 1
                return positional - 1
            case .keywordOnly:
                keyword += 1
                return keyword - 1
            case .variadic: return parameters.names.count
            case .keywords: return parameters.names.count + (parameters.rest == nil ? 0 : 1)
            }
        }
    }

    /// Makes the cells of variables that inner functions see, at the entry to the node that owns them.
    func makeCells(ownedBy node: NodeID) {
        for index in cells(ownedBy: node) {
            let cell = scope.cells[index]
            let register = firstCell + index
            let place = SyntaxRange(start: tree.range(node).start, end: tree.range(node).start)
            if let parameter = cell.parameter {
                code.emit(.take, a: register, b: self.register(ofLocal: parameter), at: place)
            } else if node != scope.node {
                code.emit(.clear, a: register, at: place)
            }
            code.emit(.makeCell, a: register, at: place)
        }
    }

    // MARK: Making functions

    /// `func`, `def` and pipeline definitions, with decorators and receivers.
    func functionDefinition(_ node: NodeID) {
        let mark = top
        let isPipeline = tree.kind(node) == .pipelineDefinition
        let name = tree.child(node, 0)
        let decorators =
            isPipeline ? tree.pipelineDefinition(node).decorators : tree.functionDefinition(node).decorators
        let strict = FunctionCompiler.strictDecorator(of: node, in: text)
        var applied: [(register: Int, place: SyntaxRange)] = []
        for (place, decorator) in tree[decorators].enumerated() where place != strict {
            applied.append((pushed(decorator), tree.range(decorator)))
        }
        let parameters =
            isPipeline ? tree.pipelineDefinition(node).parameters : tree.functionDefinition(node).parameters
        let function = push()
        makeFunction(node, parameters: tree[tree.children(parameters)], into: function)
        for decorator in applied.reversed() { code.emit(.call, a: decorator.register, b: 1, at: decorator.place) }
        let result = applied.first?.register ?? function
        if !isPipeline, let receiver = tree.functionDefinition(node).receiver {
            defineMethod(name, receiver, result)
        } else {
            store(name, from: result)
        }
        pop(to: mark)
    }

    private func defineMethod(_ name: NodeID, _ receiver: NodeID, _ function: Int) {
        let type = push()
        if let annotation = tree.parameter(receiver).annotation {
            typeExpression(annotation, into: type)
        } else {
            code.emit(.loadNull, a: type, at: tree.range(receiver))
        }
        let index = code.name(tree.symbol(name), in: text)
        code.emit(.defineMethod, a: type, b: index, c: function, at: tree.range(receiver))
    }

    func lambda(_ node: NodeID, into target: Int) {
        makeFunction(node, parameters: tree[tree.children(tree.lambda(node).parameters)], into: target)
    }

    /// Makes a function of the code that a node opens; the parameters' defaults are evaluated here.
    func makeFunction(_ node: NodeID, parameters: ArraySlice<NodeID>, into target: Int) {
        let mark = top
        for parameter in parameters where tree.parameterKind(parameter).isPositional { pushDefault(parameter) }
        for parameter in parameters where tree.parameterKind(parameter) == .keywordOnly { pushDefault(parameter) }
        guard let index = resolution.function(openedBy: node), let function = text.codes[index] else { return }
        code.emit(.makeFunction, a: target, b: code.add(function), c: mark, at: tree.range(node))
        pop(to: mark)
    }

    private func pushDefault(_ parameter: NodeID) {
        if let value = tree.parameter(parameter).defaultValue { pushed(value) }
    }

    /// `(x for x in xs)`: a function that gets `xs`, called.
    func generatorExpression(_ node: NodeID, into target: Int) {
        let place = tree.range(node)
        let window = target == top - 1 && isTemporary(target) ? target : push()
        makeFunction(node, parameters: [], into: window)
        let clause = tree.forClause(tree[tree.comprehension(node).clauses, 0])
        let source = pushed(clause.iterable)
        let iteration = push()
        _ = push()
        _ = push()
        code.emit(.getIterator, a: iteration, b: source, x: 1, at: place)
        code.emit(.clear, a: iteration, at: place)
        code.emit(.call, a: window, b: 1, at: place)
        deliver(window, to: target, at: place)
    }
}

extension ParameterKind {
    fileprivate var isPositional: Bool { self == .positionalOnly || self == .positionalOrKeyword }
}

extension ProgramText {
    /// The name a function goes by in traces.
    fileprivate func functionName(_ scope: FunctionScope) -> String {
        switch scope.kind {
        case .module: "<module>"
        case .function, .pipelineFunction: name(tree.symbol(tree.child(scope.node, 0)))
        case .lambda: "<lambda>"
        case .generatorExpression: "<genexpr>"
        case .pipeTail, .stageItem: Code.pipeName
        case .fieldDefault: "<default>"
        }
    }

    /// The parameters that a function's text names, the receiver first; nil for what has none in the text.
    fileprivate func parameters(of scope: FunctionScope) -> [NodeID]? {
        switch scope.kind {
        case .function:
            let parts = tree.functionDefinition(scope.node)
            let parameters = Array(tree[tree.children(parts.parameters)])
            return parts.receiver.map { [$0] + parameters } ?? parameters
        case .pipelineFunction:
            return Array(tree[tree.children(tree.pipelineDefinition(scope.node).parameters)])
        case .lambda: return Array(tree[tree.children(tree.lambda(scope.node).parameters)])
        case .module, .generatorExpression, .pipeTail, .stageItem, .fieldDefault: return nil
        }
    }
}
