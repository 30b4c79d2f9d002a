// Reading and setting variables.

extension FunctionCompiler {
    /// The register of the variable that a name stands for, if it has one. The instruction that checks whether it
    /// has a value is emitted.
    mutating func variableRegister(_ node: NodeID) -> Int? {
        guard tree.kind(node) == .name || tree.kind(node) == .scopedName || tree.kind(node) == .placeholder else {
            return nil
        }
        let binding = resolution.binding(node)
        guard binding.kind == .local else { return nil }
        let register = register(ofLocal: binding.index)
        if binding.mayBeUnset { emitCheck(register, of: node) }
        return register
    }

    private mutating func emitCheck(_ register: Int, of node: NodeID) {
        let name = code.name(tree.symbol(node), in: text)
        code.emit(.checkLocal, a: register, wide: name, at: tree.range(node))
    }

    /// Reads the variable that a `name`, a `scopedName` or a `placeholder` stands for.
    mutating func load(_ node: NodeID, into target: Int) {
        let place = tree.range(node)
        let binding = resolution.binding(node)
        switch binding.kind {
        case .local:
            let register = register(ofLocal: binding.index)
            if binding.mayBeUnset { emitCheck(register, of: node) }
            code.emit(.move, a: target, b: register, at: place)
        case .cell:
            code.emit(.getCell, a: target, b: firstCell + binding.index, c: nameIndex(node), at: place)
        case .free:
            code.emit(.getCapture, a: target, b: binding.index, c: nameIndex(node), at: place)
        case .module:
            loadGlobal(resolution.moduleNames[binding.index], into: target, at: place)
        case .global, .none, .function:
            if let scope = namedScope(node) {
                code.emit(.getScope, a: target, b: nameIndex(node), x: Int(scope.rawValue), at: place)
            } else {
                loadGlobal(tree.symbol(node), into: target, at: place)
            }
        }
    }

    /// Gives the variable that a node names the value of a register. A temporary gives its value away.
    mutating func store(_ node: NodeID, from register: Int) {
        let place = tree.range(node)
        let binding = resolution.binding(node)
        switch binding.kind {
        case .local:
            let variable = self.register(ofLocal: binding.index)
            guard variable != register else { return }
            code.emit(isTemporary(register) ? .take : .move, a: variable, b: register, at: place)
        case .cell:
            code.emit(.setCell, a: firstCell + binding.index, b: register, at: place)
        case .free:
            code.emit(.setCapture, a: binding.index, b: register, at: place)
        case .module:
            let slot = code.global(resolution.moduleNames[binding.index], in: text)
            code.emit(.setGlobal, a: register, wide: slot, at: place)
        case .global, .none, .function:
            if let scope = namedScope(node) {
                code.emit(.setScope, a: register, b: nameIndex(node), x: Int(scope.rawValue), at: place)
            } else {
                let slot = code.global(tree.symbol(node), in: text)
                code.emit(.setGlobal, a: register, wide: slot, at: place)
            }
        }
    }

    /// `del x`
    mutating func delete(_ node: NodeID) {
        let place = tree.range(node)
        let binding = resolution.binding(node)
        switch binding.kind {
        case .local:
            let register = register(ofLocal: binding.index)
            emitCheck(register, of: node)
            code.emit(.clear, a: register, at: place)
        case .cell, .free:
            let mark = top
            let scratch = push()
            load(node, into: scratch)
            pop(to: mark)
            unset(node)
        case .module, .global, .none, .function:
            if let scope = namedScope(node) {
                code.emit(.deleteScope, b: nameIndex(node), x: Int(scope.rawValue), at: place)
            } else {
                code.emit(.deleteGlobal, a: 0, wide: globalIndex(node), at: place)
            }
        }
    }

    /// Leaves a variable without a value, whether it has one or not.
    mutating func unset(_ node: NodeID) {
        let place = tree.range(node)
        let binding = resolution.binding(node)
        if binding.kind == .local {
            code.emit(.clear, a: register(ofLocal: binding.index), at: place)
            return
        }
        let mark = top
        let scratch = push()
        if binding.kind == .cell || binding.kind == .free {
            code.emit(.clear, a: scratch, at: place)
            store(node, from: scratch)
        } else {
            code.emit(.loadNull, a: scratch, at: place)
            store(node, from: scratch)
            delete(node)
        }
        pop(to: mark)
    }

    mutating func loadGlobal(_ symbol: Symbol, into target: Int, at place: SyntaxRange) {
        code.emit(.getGlobal, a: target, wide: code.global(symbol, in: text), at: place)
    }

    private mutating func globalIndex(_ node: NodeID) -> Int {
        let binding = resolution.binding(node)
        let symbol = binding.kind == .module ? resolution.moduleNames[binding.index] : tree.symbol(node)
        return code.global(symbol, in: text)
    }

    private mutating func nameIndex(_ node: NodeID) -> Int {
        code.name(tree.symbol(node), in: text)
    }

    /// The scope that a `scopedName` names, if it is one of those outside the module.
    private func namedScope(_ node: NodeID) -> ScopeKind? {
        guard tree.kind(node) == .scopedName else { return nil }
        switch tree.scope(node) {
        case .local: return nil
        case .private: return .private
        case .public: return .public
        case .system: return .system
        }
    }
}
