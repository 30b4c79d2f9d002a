// Pipes: values that flow through stages, and functions made of stages.

extension FunctionCompiler {
    func pipe(_ node: NodeID, into target: Int) {
        let stages = tree.pipeline(node).stages
        guard let index = resolution.function(openedBy: node) else {
            flow(through: stages, from: 0, to: stages.count, into: target)
            return
        }
        let first = resolution.functions[index].firstStage
        if first == 0 {
            makeFunction(node, parameters: [], into: target)
            return
        }
        let value = push()
        flow(through: stages, from: 0, to: first, into: value)
        let tail = push()
        makeFunction(node, parameters: [], into: tail)
        code.emit(.pipe, a: target, b: value, c: tail, at: tree.range(node))
    }

    /// Compiles stages; what flows begins with the value of the first.
    private func flow(through stages: NodeList, from start: Int, to end: Int, into target: Int) {
        let value = scratch(for: target)
        expression(tree[stages, start], into: value)
        for place in (start + 1)..<max(end, start + 1) { apply(tree[stages, place], of: stages, to: value) }
        deliver(value, to: target, at: tree.range(tree[stages, start]))
    }

    /// Compiles a stage and what it makes of the value in a register.
    private func apply(_ stage: NodeID, of stages: NodeList, to value: Int) {
        let mark = top
        let register = push()
        self.stage(stage, into: register)
        let place = SyntaxRange(start: tree.range(tree[stages, 0]).start, end: tree.range(stage).end)
        code.emit(.pipe, a: value, b: value, c: register, at: place)
        pop(to: mark)
    }

    /// Compiles a stage's value. A call that lacks an argument becomes a function that takes it in front.
    private func stage(_ node: NodeID, into target: Int) {
        let node = tree.kind(node) == .namedStage ? tree.namedStage(node).expression : node
        guard let call = completableCall(node) else {
            expression(node, into: target)
            return
        }
        let mark = top
        let complete = code.label()
        let end = code.label()
        let place = tree.range(node)
        let (window, keywords) = pushCall(node, call)
        let count = tree.children(call).count
        emitLacks(window, count, to: complete, at: place)
        emitCall(window, count, keywords, at: place)
        code.jump(to: end, at: place)
        code.mark(complete)
        makeCompletion(window, count, keywords, at: node)
        code.mark(end)
        code.emit(.take, a: target, b: window, at: place)
        pop(to: mark)
    }

    /// The call that a stage ends with, if all its arguments are plain or keywords.
    private func completableCall(_ node: NodeID) -> NodeID? {
        guard tree.kind(node) == .chain else { return nil }
        let suffixes = tree.chain(node).suffixes
        let last = tree[suffixes, suffixes.count - 1]
        guard tree.kind(last) == .call, tree.children(last).count < FunctionCompiler.run,
            !isSpread(tree.children(last))
        else { return nil }
        return last
    }

    /// Compiles a call's function and its arguments into the next temporaries.
    private func pushCall(_ node: NodeID, _ call: NodeID) -> (window: Int, keywords: [String]) {
        let suffixes = tree.chain(node).suffixes
        let window = push()
        if suffixes.count == 1 {
            expression(tree.chain(node).base, into: window)
        } else {
            chainPart(node, through: suffixes.count - 1, into: window)
        }
        return (window, pushArguments(tree.children(call)))
    }

    /// Jumps when the function in a register needs more than a number of arguments.
    private func emitLacks(_ function: Int, _ count: Int, to label: CodeBuilder.Label, at place: SyntaxRange) {
        let answer = push()
        code.emit(.lacksArguments, a: answer, b: function, c: count, at: place)
        code.jump(.jumpIfTrue, a: answer, to: label, at: place)
        pop(to: answer)
    }

    /// Makes, of a function and arguments in a window, a function of one value that calls it with the value in
    /// front. It holds the window's values as defaults.
    private func makeCompletion(_ window: Int, _ count: Int, _ keywords: [String], at node: NodeID) {
        let place = tree.range(node)
        var inner = CodeBuilder(name: Code.pipeName, source: text.source, isStrict: text.isStrict)
        let names = ["value", "function"] + (0..<count).map { "argument\($0)" }
        inner.setHeader(
            parameters: Parameters(
                names: names, positionalCount: names.count, positionalOnlyCount: names.count,
                positionalDefaults: names.count - 1),
            isGenerator: false, isFieldMaker: false, documentation: nil)
        let first = names.count
        inner.emit(.take, a: first, b: 1, at: place)
        inner.emit(.take, a: first + 1, b: 0, at: place)
        for index in 0..<count { inner.emit(.take, a: first + 2 + index, b: 2 + index, at: place) }
        if keywords.isEmpty {
            inner.emit(.call, a: first, b: count + 1, at: place)
        } else {
            inner.emit(.callKeywords, a: first, b: count + 1, c: inner.keywords(keywords), at: place)
        }
        inner.emit(.return, a: first, at: place)
        let (parts, overflow) = inner.finish(registerCount: first + 2 + count)
        guard let function = text.code(parts, overflow: overflow, at: node) else { return }
        code.emit(.makeFunction, a: window, b: code.add(function), c: window, at: place)
    }

    // MARK: Functions of pipes

    /// The body of a pipe's tail: the stages from the first that needs the value, or a name for it.
    func pipeTail(_ node: NodeID) {
        let stages = tree.pipeline(node).stages
        let value = push()
        if scope.firstStage > 0 {
            loadFlow(into: value, at: tree.range(node))
            name(tree[stages, scope.firstStage - 1], value)
        }
        for place in scope.firstStage..<max(stages.count, scope.firstStage) {
            let stage = tree[stages, place]
            if (resolution.isPlaced(stage) && !isListStage(stage)) || place == 0 {
                placedStage(stage, into: value)
            } else {
                apply(stage, of: stages, to: value)
            }
            storeFlow(value, at: tree.range(stage))
            name(stage, value)
        }
        code.emit(.return, a: value, at: tree.range(node))
    }

    /// Whether a stage is a list with an item that holds `$$`, and so functions that run side by side.
    private func isListStage(_ node: NodeID) -> Bool {
        let stage = tree.kind(node) == .namedStage ? tree.namedStage(node).expression : node
        return tree.kind(stage) == .list && tree[tree.children(stage)].contains { tree.kind($0) == .stageItem }
    }

    /// A stage that is evaluated for its value. When it is a call that names a stage before but lacks an argument,
    /// it takes what flows in front.
    private func placedStage(_ node: NodeID, into value: Int) {
        let stage = tree.kind(node) == .namedStage ? tree.namedStage(node).expression : node
        guard !text.hasPlaceholder(stage), let call = completableCall(stage) else {
            expression(stage, into: value)
            return
        }
        let mark = top
        let place = tree.range(stage)
        let lacks = code.label()
        let end = code.label()
        let (window, keywords) = pushCall(stage, call)
        let count = tree.children(call).count
        emitLacks(window, count, to: lacks, at: place)
        emitCall(window, count, keywords, at: place)
        code.emit(.take, a: value, b: window, at: place)
        code.jump(to: end, at: place)
        code.mark(lacks)
        makeCompletion(window, count, keywords, at: stage)
        code.emit(.pipe, a: value, b: value, c: window, at: place)
        code.mark(end)
        pop(to: mark)
    }

    /// Gives a stage's name, if it has one, the value that flows.
    private func name(_ stage: NodeID, _ value: Int) {
        guard tree.kind(stage) == .namedStage else { return }
        let mark = top
        let copy = push()
        code.emit(.move, a: copy, b: value, at: tree.range(stage))
        store(tree.namedStage(stage).name, from: copy)
        pop(to: mark)
    }

    /// The cell of the value that flows, when inner functions see it.
    private var flowCell: Int? {
        scope.cells.firstIndex { $0.parameter == 0 }.map { firstCell + $0 }
    }

    private func loadFlow(into target: Int, at place: SyntaxRange) {
        if let cell = flowCell {
            code.emit(.getCell, a: target, b: cell, c: code.name(.placeholder, in: text), at: place)
        } else {
            code.emit(.move, a: target, b: 0, at: place)
        }
    }

    private func storeFlow(_ value: Int, at place: SyntaxRange) {
        if let cell = flowCell {
            code.emit(.setCell, a: cell, b: value, at: place)
        } else {
            code.emit(.move, a: 0, b: value, at: place)
        }
    }

    /// The body of `func f(x) = a | b`.
    func pipelineBody(_ node: NodeID) {
        let place = tree.range(node)
        let type = pushResultType()
        let value = push()
        let isPlainPipe = tree.kind(node) == .pipe && resolution.function(openedBy: node) == nil
        if !scope.callsFirstStage {
            expression(node, into: value)
        } else if isPlainPipe {
            let stages = tree.pipeline(node).stages
            start(tree[stages, 0], into: value)
            for place in 1..<stages.count { apply(tree[stages, place], of: stages, to: value) }
        } else if tree.kind(node) == .pipe, let index = resolution.function(openedBy: node),
            resolution.functions[index].firstStage > 0
        {
            let stages = tree.pipeline(node).stages
            start(tree[stages, 0], into: value)
            let first = resolution.functions[index].firstStage
            for place in 1..<first { apply(tree[stages, place], of: stages, to: value) }
            let tail = push()
            makeFunction(node, parameters: [], into: tail)
            code.emit(.pipe, a: value, b: value, c: tail, at: place)
        } else {
            start(node, into: value)
        }
        checkResult(value, is: type, at: place)
        code.emit(.return, a: value, at: place)
    }

    /// Gives the function's parameters to the first stage, unless that is a value already.
    private func start(_ stage: NodeID, into value: Int) {
        let mark = top
        let place = tree.range(stage)
        let isValue = code.label()
        let parameters = tree[tree.children(tree.pipelineDefinition(scope.node).parameters)]
        let positional = parameters.filter {
            tree.parameterKind($0) == .positionalOnly || tree.parameterKind($0) == .positionalOrKeyword
        }
        if parameters.isEmpty { expression(stage, into: value) } else { self.stage(stage, into: value) }
        let window = push()
        code.emit(.stageFunction, a: window, b: value, at: place)
        code.jump(.jumpIfNull, a: window, to: isValue, at: place)
        if positional.count == parameters.count, parameters.count < FunctionCompiler.run {
            for parameter in positional { load(parameter, into: push()) }
            emitCall(window, positional.count, [], at: place)
        } else {
            passParameters(Array(parameters), positional, window: window, at: place)
            code.emit(.callSpread, a: window, at: place)
        }
        code.emit(.take, a: value, b: window, at: place)
        code.mark(isValue)
        pop(to: mark)
    }

    /// The function's own arguments as a list and a dict in a window's next two registers.
    private func passParameters(
        _ parameters: [NodeID], _ positional: [NodeID], window: Int, at place: SyntaxRange
    ) {
        let list = push()
        let keywords = push()
        code.emit(.makeList, a: list, b: list, c: 0, at: place)
        code.emit(.makeDict, a: keywords, b: keywords, c: 0, at: place)
        for parameter in positional + parameters.filter({ tree.parameterKind($0) == .variadic }) {
            let value = push()
            load(parameter, into: value)
            let isRest = tree.parameterKind(parameter) == .variadic
            code.emit(isRest ? .listExtend : .listAppend, a: list, b: value, at: place)
            pop(to: value)
        }
        for parameter in parameters {
            let key = push()
            if tree.parameterKind(parameter) == .keywordOnly {
                load(.string(text.name(tree.symbol(parameter))), into: key, at: place)
                let value = push()
                load(parameter, into: value)
                code.emit(.dictSet, a: keywords, b: key, c: value, at: place)
            } else if tree.parameterKind(parameter) == .keywords {
                load(parameter, into: key)
                code.emit(.dictUpdate, a: keywords, b: key, at: place)
            }
            pop(to: key)
        }
    }
}
