/// Calls on handles, and calls of built-ins that get handles for arguments.
extension Machine {
    /// Calls a method of something of the host's, in R[first of `registers`]; `with` enters and leaves by its own
    /// sites.
    func callHandle(
        _ handle: HostHandleObject, _ site: UnsafeMutablePointer<AttributeCache>, _ arguments: CallArguments,
        _ registers: Range<Int>, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> AfterStep {
        let ownSites = caller?.pointee.sites
        let operation: HandleOperation =
            site == ownSites ? .enter : site == ownSites.map { $0 + 1 } ? .exit : .method(HostName(site.pointee.name))
        let behind = CallArguments(
            start: arguments.start + 1, count: arguments.count - 1, keywords: arguments.keywords,
            origin: arguments.origin)
        try ask(operation, of: handle, behind, fiber)
        clear(registers, fiber)
        return .suspend
    }

    /// Asks the host for what a built-in threw `error` at, when a handle among the arguments was the reason. Methods
    /// and functions of modules that go through items get the handle's items instead.
    func askHost(
        about native: UnsafePointer<LinkedNative>, insteadOf error: DanaError, _ arguments: CallArguments,
        _ registers: Range<Int>, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> AfterStep {
        guard mayConcernHandle(error) else { throw error }
        let name = native.pointee.function.name
        guard let index = (0..<arguments.count).first(where: { arguments.start[$0].isObject(.hostHandle) }) else {
            if name == "isinstance", let type = hostType(among: arguments) {
                heap.discard(error)
                try ask(.builtin(name), of: type, arguments, fiber)
                clear(registers, fiber)
                return .suspend
            }
            guard case .handle = error else { throw error }
            return try meetInside(native, arguments, registers, fiber)
        }
        let handle = HostHandleObject(known: arguments.start[index])
        let action = native.pointee.action
        if action == .next && index == 0 {
            heap.discard(error)
            let slot = try ask(.next, of: handle.value, fiber)
            slot.pointee.fallback = heap.retained(arguments.count > 1 ? arguments.start[1] : .undefined)
        } else if name == "_iterator" {
            heap.discard(error)
            try ask(.iterate, of: handle.value, fiber)
        } else if name == "print" {
            guard index < arguments.positionalCount else { throw refused(error, native, index) }
            heap.discard(error)
            let target = try target(of: index, arguments, fiber)
            try ask(.builtin("str"), of: handle.value, fiber, handle.value).pointee.replaced = target
            return .suspend
        } else if name.contains(".") || action != nil, let index = walked(native, arguments) {
            heap.discard(error)
            let target = try target(of: index, arguments, fiber)
            let walk = try walk(over: HostHandleObject(known: arguments.start[index]))
            fiber.pointee.frame.pointee.pc -= 1
            try drained(walk, target, fiber)
            return .goOn
        } else if isChanging(name, arguments.start[0]) || action != nil || name.contains("._") {
            throw refused(error, native, index)
        } else {
            heap.discard(error)
            try ask(.builtin(name.hasPrefix("_") ? String(name.dropFirst()) : name), of: handle, arguments, fiber)
        }
        clear(registers, fiber)
        return .suspend
    }

    /// A class of the host's in a tuple of types.
    private func hostType(among arguments: CallArguments) -> HostHandleObject? {
        guard arguments.count > 1, let types = TupleObject(arguments.start[1]) else { return nil }
        return types.items.lazy.compactMap { HostHandleObject($0) }.first
    }

    /// What the prelude does item by item in Dana when the built-in that it tries first gives null.
    private static let itemwise: Set = [
        "_sum", "_any", "_all", "_min", "_max", "_sorted", "_sorted_by", "_sort_list", "_sort_list_by",
    ]

    /// A built-in met a handle among the items of its arguments.
    private func meetInside(
        _ native: UnsafePointer<LinkedNative>, _ arguments: CallArguments, _ registers: Range<Int>,
        _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> AfterStep {
        let function = native.pointee.function
        guard Machine.itemwise.contains(function.name), !arguments.start[0].isObject(.iterator) else {
            throw heap.typeError(
                "\(function.shownName)() cannot compare or convert objects of the host's that an iterator or another "
                    + "value gives; make a list of them")
        }
        clear(registers, fiber)
        deliver(.null, fiber)
        return .goOn
    }

    /// The first handle among the arguments that the built-in wants as items.
    private func walked(_ native: UnsafePointer<LinkedNative>, _ arguments: CallArguments) -> Int? {
        (0..<arguments.count).first { arguments.start[$0].isObject(.hostHandle) && drains(native, $0, arguments) }
    }

    /// Whether a built-in is a method of a container, of which the host has only a copy.
    private func isChanging(_ name: String, _ receiver: Value) -> Bool {
        switch receiver.objectKind {
        case .list, .dict, .set: name.hasPrefix(receiver.typeName + ".")
        default: false
        }
    }

    private func refused(_ error: DanaError, _ native: UnsafePointer<LinkedNative>, _ index: Int) -> DanaError {
        guard case .handle = error else { return error }
        let function = native.pointee.function
        let parameter = function.parameters.indices.contains(index) ? function.parameters[index].name : "\(index + 1)"
        return heap.typeError("\(function.shownName)() takes no objects of the host's at argument '\(parameter)'")
    }

    /// Where an argument is replaced, so that the calling instruction finds it when it runs again.
    private func target(of index: Int, _ arguments: CallArguments, _ fiber: UnsafeMutablePointer<FiberState>)
        throws(DanaError) -> DrainTarget
    {
        switch arguments.origin {
        case .registers(let first, _): return .register(first + index)
        case .list(let register, let prefix):
            try makeListUnique(in: register, fiber)
            return .listItem(index - prefix)
        }
    }

    /// A generator that gives a handle's items, owned.
    func walk(over handle: HostHandleObject) throws(DanaError) -> Value {
        let function = FunctionObject(known: try preludeFunction("_walk"))
        var argument = handle.value
        return try withUnsafeMutablePointer(to: &argument) { argument throws(DanaError) in
            try makeGenerator(
                function,
                CallArguments(
                    start: argument, count: 1, keywords: nil, origin: .registers(first: 0, isDirect: false)))
        }
    }
}
