// Functions, their parameters and defaults, and types.

extension Resolver {
    mutating func visitFunction(_ node: NodeID) {
        let parts = tree.functionDefinition(node)
        for decorator in tree[parts.decorators] { visit(decorator) }
        if let receiver = parts.receiver { visitDefaults(ofParameter: receiver) }
        let types = visitSignature(parts.parameters, parts.returns, isChecked: isChecked(parts.decorators))
        // The function runs only after its name is set, unless a decorator calls it.
        if parts.receiver == nil, parts.decorators.isEmpty { set(tree.symbol(parts.name), parts.name) }
        visitBody(.function, node) { resolver in
            resolver.readInFunction(types)
            if let receiver = parts.receiver { resolver.addParameter(receiver) }
            resolver.addParameters(parts.parameters)
            resolver.visitStatements(parts.body)
        }
        if parts.receiver == nil, !parts.decorators.isEmpty { set(tree.symbol(parts.name), parts.name) }
    }

    mutating func visitPipelineFunction(_ node: NodeID) {
        let parts = tree.pipelineDefinition(node)
        for decorator in tree[parts.decorators] { visit(decorator) }
        let types = visitSignature(parts.parameters, parts.returns, isChecked: isChecked(parts.decorators))
        set(tree.symbol(parts.name), parts.name)
        visitBody(.pipelineFunction, node) { resolver in
            resolver.readInFunction(types)
            resolver.addParameters(parts.parameters)
            resolver.visitDeclaredPipe(parts.pipe)
        }
    }

    /// Visits the expression of a pipeline function and finds out whether its first stage is called
    /// with the parameters where it is a function.
    private mutating func visitDeclaredPipe(_ pipe: NodeID) {
        let function = scopes[scope].function
        let before = parameterReads(function)
        if tree.kind(pipe) == .pipe {
            let after = visitPipe(pipe, readsOfFirstStage: { $0.parameterReads(function) })
            resolution.functions[function].callsFirstStage = after == before
        } else {
            visit(pipe)
            resolution.functions[function].callsFirstStage = parameterReads(function) == before
        }
    }

    /// How often the parameters of a function, whose scope is open, have been read.
    private func parameterReads(_ function: Int) -> Int32 {
        var reads: Int32 = 0
        var place = scopes[functionScope].firstEntry
        while place >= 0, entries[Int(place)].isParameter {
            reads += entries[Int(place)].reads
            place = entries[Int(place)].next
        }
        return reads
    }

    mutating func visitLambda(_ node: NodeID) {
        let parts = tree.lambda(node)
        visitDefaults(parts.parameters)
        visitBody(.lambda, node) { resolver in
            resolver.addParameters(parts.parameters)
            resolver.visit(parts.body)
        }
    }

    /// Opens a function for a node and visits what is in it.
    mutating func visitBody(_ kind: FunctionScope.Kind, _ node: NodeID, _ visit: (inout Resolver) -> Void) {
        let mark = flow.begin()
        flow.isDead = false
        openFunction(kind, node)
        visit(&self)
        closeFunction(mark)
    }

    private mutating func closeFunction(_ mark: Flow.Mark) {
        flow.forget(mark, &entries)
        closeScope()
    }

    // MARK: Parameters

    /// Visits the annotations and defaults of a function; gives the uses of names in annotations that it is to read
    /// itself, which are those of a function around it.
    private mutating func visitSignature(_ parameters: NodeID, _ returns: NodeID?, isChecked: Bool) -> [Use] {
        var types: [Use] = []
        if tree[parameters].childCount > 0 {
            for parameter in tree[tree.children(parameters)] where tree.kind(parameter) == .parameter {
                let first = uses.count
                visitDefaults(ofParameter: parameter)
                if isChecked, let annotation = tree.parameter(parameter).annotation {
                    types += namesOfTypes(in: annotation, since: first)
                }
            }
        }
        if let returns {
            let first = uses.count
            visitAnnotation(returns)
            if isChecked { types += namesOfTypes(in: returns, since: first) }
        }
        return types
    }

    /// The latest uses that stand in an annotation.
    private func namesOfTypes(in annotation: NodeID, since first: Int) -> [Use] {
        let place = tree.range(annotation)
        return uses[first...].filter {
            let name = tree.range($0.node)
            return place.start <= name.start && name.end <= place.end
                && entries[Int($0.entry)].scope == Int32(truncatingIfNeeded: scope)
        }
    }

    /// Whether a function that is made in another may check its annotations. What `strict` means is not known yet.
    private func isChecked(_ decorators: NodeList) -> Bool {
        guard functionScope != 0 else { return false }
        return resolution.isStrict
            || tree[decorators].contains {
                tree.kind($0) == .name && tree.text(tree.symbol($0)) == TypeWord.strict
            }
    }

    /// The function whose scope is open reads these names of the scope around it.
    private mutating func readInFunction(_ types: [Use]) {
        for use in types {
            entries[Int(use.entry)].isCaptured = true
            typeReads.append(TypeRead(use: use, function: scopes[scope].function))
        }
    }

    private mutating func visitDefaults(_ parameters: NodeID) {
        guard tree[parameters].childCount > 0 else { return }
        for parameter in tree[tree.children(parameters)] { visitDefaults(ofParameter: parameter) }
    }

    private mutating func visitDefaults(ofParameter node: NodeID) {
        guard tree.kind(node) == .parameter else { return }
        let parameter = tree.parameter(node)
        if let annotation = parameter.annotation { visitAnnotation(annotation) }
        if let value = parameter.defaultValue { visit(value) }
    }

    private mutating func addParameters(_ parameters: NodeID) {
        guard tree[parameters].childCount > 0 else { return }
        for parameter in tree[tree.children(parameters)] where tree.kind(parameter) == .parameter {
            addParameter(parameter)
        }
    }

    private mutating func addParameter(_ node: NodeID) {
        guard tree.kind(node) == .parameter else { return }
        addParameter(tree.symbol(node), node)
    }

    /// Adds a parameter to the function whose scope is open.
    mutating func addParameter(_ symbol: Symbol, _ node: NodeID) {
        let function = scopes[scope].function
        let index = entry(symbol, in: scope, node)
        entries[index].isBound = true
        entries[index].isParameter = true
        entries[index].register = addRegister(symbol, function)
        resolution.functions[function].parameterCount += 1
        flow.set(index, &entries)
        // The node of a function that the resolver makes carries the function itself.
        if tree.kind(node) == .parameter {
            uses.append(Use(node: node, entry: Int32(truncatingIfNeeded: index), mayBeUnset: false))
        }
    }

    // MARK: Types

    mutating func visitType(_ node: NodeID) {
        let parts = tree.typeDefinition(node)
        set(tree.symbol(parts.name), parts.name)
        for member in tree[parts.members] {
            switch tree.kind(member) {
            case .field:
                let field = tree.field(member)
                visitAnnotation(field.annotation)
                if let value = field.defaultValue { visitDefault(value, of: member) }
            case .enumMember:
                if let value = tree.enumMemberValue(member) { visit(value) }
            case .methodSignature:
                let method = tree.methodSignature(member)
                visitDefaults(method.parameters)
                if let returns = method.returns { visitAnnotation(returns) }
            default:
                visitChildren(member)
            }
        }
    }

    private mutating func visitDefault(_ value: NodeID, of field: NodeID) {
        switch tree.kind(value) {
        case .integer, .float, .string, .bytes, .trueLiteral, .falseLiteral, .nullLiteral, .ellipsis: return
        default: visitBody(.fieldDefault, field) { $0.visit(value) }
        }
    }

    /// Visits a type. Its pipes are unions, and `$$` means nothing in it.
    mutating func visitAnnotation(_ node: NodeID) {
        switch tree.kind(node) {
        case .pipe, .annotation: for child in tree[tree.children(node)] { visitAnnotation(child) }
        default:
            visit(node)
            collectTypesWithBrackets(in: node)
        }
    }

    /// Keeps types with types in brackets for when it is known what their names mean.
    private mutating func collectTypesWithBrackets(in node: NodeID) {
        switch tree.kind(node) {
        case .pipe, .tuple: for child in tree[tree.children(node)] { collectTypesWithBrackets(in: child) }
        case .chain:
            let parts = tree.chain(node)
            guard tree.kind(parts.base) == .name, parts.suffixes.count == 1,
                tree.kind(tree[parts.suffixes, 0]) == .item
            else { return }
            typesWithBrackets.append(node)
            collectTypesWithBrackets(in: tree.child(tree[parts.suffixes, 0], 0))
        default: break
        }
    }
}
