import CPython
import Dana
import DanaLanguage
import DanaModels
import PythonBridge

/// A Python object that programs hold: every operation on it is Python's own.
class PythonGuest: HostObject, @unchecked Sendable {
    // Safe because nothing of it changes but `passing` and `isGift`, which are touched with the interpreter held.

    let object: PythonObject
    let typeName: String
    let isFunction: Bool
    let isClass: Bool
    /// Whether the host gave it, or a module that is open; it may come again by another way.
    @exclusivity(unchecked) private(set) final var isGift: Bool
    /// What of the context it gets when programs call it; found out at the first call.
    @exclusivity(unchecked) private(set) final var passing = PassedScopes.nothing

    init(_ object: PythonObject) {
        self.object = object
        typeName = "object"
        isFunction = false
        isClass = false
        isGift = false
    }

    /// `isMember` says of a method that it was reached as an attribute: it is called as its object's methods are.
    init(_ object: PythonObject, isMember: Bool = false, isGift: Bool = false, _ py: borrowing Python) {
        self.object = object
        typeName = object.shownTypeName(py)
        isClass = ClosedClasses.isClass(object.pointer, typeName: typeName)
        self.isGift = isGift
        isFunction = object.isCallable(py) && py_is_type(object.pointer) == 0
        if isFunction && !(isMember && typeName == "method") { passing = .unknown }
    }

    /// The host gives what a program has come upon before.
    final func give() { isGift = true }

    /// The context, where the object is a function that takes it.
    func context(for call: HostCall, in core: ContextCore, _ py: borrowing Python) throws(PythonError) -> PythonObject?
    {
        if case .unknown = passing { passing = try PassedScopes(to: object, in: core, py) }
        guard case .scopes(let policy) = passing else { return nil }
        return try PassedContext(core, policy, for: call).object(py)
    }

    func leave(_ failure: DanaFailure) { PythonManager(object).leave(endedBy: failure) }

    var identity: UInt { UInt(bitPattern: object.pointer) }

    func plainData(limit: Int?) throws(DanaFailure) -> ObjectData? {
        try ModelMaterial.data(of: object, limit: limit)
    }

    func text() -> String? { Python.hold { py in try? object.text(py) } }

    func tool() throws(DanaFailure) -> HostTool? { try ModelMaterial.tool(of: object) }

    func name(ofMethod method: String?) -> (name: String, whole: String) {
        Python.hold { py in
            let name = try? object.attribute("__name__", as: String.self, py)
            if let method {
                let owner = py_is_module(object.pointer) == 0 ? typeName : name ?? typeName
                return ("\(owner).\(method)", "")
            }
            guard let name else { return (typeName, "") }
            let module = (try? object.attribute("__module__", as: String.self, py)).map { "\($0)." } ?? ""
            let path = (try? object.attribute("__qualname__", as: String.self, py)) ?? name
            return (name, ShownName(module + path).text)
        }
    }

    func perform(_ operation: HandleOperation, _ call: HostCall, in core: ContextCore) -> HostReply {
        Python.hold { py in
            if isClass, !isGift, PythonGuest.isUse(operation),
                let refusal = ClosedClasses.refusal(of: object, in: core, py)
            {
                return PythonCall(core: core, call: call).fail(refusal, py)
            }
            switch operation {
            case .call:
                return if case .nothing = passing {
                    PythonCall(core: core, call: call).answer(calling: object, py)
                } else {
                    PythonCall(core: core, call: call).answer(calling: object, py) { () throws(PythonError) in
                        try Python.hold { py throws(PythonError) in try self.context(for: call, in: core, py) }
                    }
                }
            case .iterate: return PythonCall(core: core, call: call).answer(iterating: self, py)
            case .exit: return PythonCall(core: core, call: call).answer(leaving: PythonManager(object), py)
            default:
                return PythonCall(core: core, call: call).answer(py) { arguments, keywords, py in
                    try result(of: operation, arguments, keywords, for: call, in: core, py)
                }
            }
        }
    }

    /// Whether an operation makes use of what a class has.
    private static func isUse(_ operation: HandleOperation) -> Bool {
        switch operation {
        case .call, .method, .attribute, .setAttribute, .deleteAttribute, .item, .setItem, .deleteItem, .enter, .exit:
            true
        default: false
        }
    }

    /// What an operation comes to; nil for the end of an iteration.
    private func result(
        of operation: HandleOperation, _ arguments: [PythonObject], _ keywords: [(String, PythonObject)],
        for call: HostCall, in core: ContextCore, _ py: borrowing Python
    ) throws -> PythonObject? {
        let attributes = OpenAttributes(object: object, core: core)
        func argument(_ index: Int) throws(PythonError) -> PythonObject {
            guard arguments.indices.contains(index) else { throw PythonError(.systemError, "an operand is missing") }
            return arguments[index]
        }
        func operate(_ name: String, _ operands: [PythonObject]) throws(PythonError) -> PythonObject {
            try py.import("operator").attribute(name, py).call(spread: operands, keywords: [:], py)
        }
        switch operation {
        case .call: return try object.invoke(arguments, keywords, py)
        case .method(let name):
            return try attributes.result(of: name.text, arguments, keywords, for: call, py)
        case .attribute(let name): return try attributes.value(name.text, py)
        case .setAttribute(let name):
            try attributes.checkChange(of: name.text, py)
            try object.setAttribute(name.text, try argument(0), py)
        case .deleteAttribute(let name):
            try attributes.checkChange(of: name.text, py)
            try object.deleteAttribute(name.text, py)
        case .item: return try object.item(try argument(0), py)
        case .setItem:
            try attributes.checkItems(py)
            try object.setItem(try argument(0), try argument(1), py)
        case .deleteItem: try object.deleteItem(try argument(0), py)
        case .contains:
            let item = try argument(0)
            guard py_searches_items(object.pointer, item.pointer) != 0 else {
                return try py.object(try object.contains(item, py))
            }
            return try PythonDraining(core: core, function: "in").result(of: [object], [], py) {
                items, _ throws(PythonError) in
                try py.object(items.first?.contains(item, py) == true)
            }
        case .iterate: return try iterator(py)
        case .next, .nextOfLoop:
            guard let item = PyIter_Next(object.pointer) else {
                if PyErr_Occurred() != nil { throw PythonError.taken(py) }
                return nil
            }
            return PythonObject(owning: item)
        case .unary(let operation):
            let name =
                switch operation {
                case .negate: "neg"
                case .plus: "pos"
                case .invert: "invert"
                }
            return try operate(name, [object])
        case .binary(let operation, let isReflected):
            let other = try argument(0)
            if operation == .remainder, isReflected { try FormWidth.check(other, py) }
            return isReflected
                ? try other.operate(PythonGuest.operator(operation), object, py)
                : try object.operate(PythonGuest.operator(operation), other, py)
        case .augmented(let operation):
            return try operate("i" + PythonGuest.name(of: operation).trimmedUnderscore, [object, try argument(0)])
        case .comparison(let operation):
            try attributes.checkComparison(with: try argument(0), py)
            return try object.compared(PythonGuest.comparison(operation), try argument(0), py)
        case .truth: return try py.object(try object.isTrue(py))
        case .raise: throw try PythonGuest.error(of: object, py)
        case .catches: return try PythonGuest.isCaught(arguments, by: object, py)
        case .builtin(let name):
            if let own = try PythonGuest.own(name, arguments, keywords, py) { return own }
            if PythonGuest.attributeFunctions.contains(name) {
                return try PythonGuest.attribute(by: name, arguments, in: core, py)
            }
            if name == "format", arguments.count > 1 { try FormWidth.check(arguments[1], py) }
            if name == "str.__mod__", let form = arguments.first { try FormWidth.check(form, py) }
            let function = try PythonGuest.builtIn(name, py)
            return try PythonDraining(core: core, function: name).result(of: arguments, keywords, py) {
                arguments, keywords throws(PythonError) in
                try function.invoke(arguments, keywords, py)
            }
        case .enter: return try PythonManager(object).enter(py)
        case .exit: return try PythonManager(object).leave(nil, py)
        }
        return py.none
    }

    /// A new iterator over the object.
    func iterator(_ py: borrowing Python) throws(PythonError) -> PythonObject {
        guard let iterator = PyObject_GetIter(object.pointer) else { throw .taken(py) }
        return PythonObject(owning: iterator)
    }

    /// What a column of a library's has for a built-in that would otherwise go through its items one by one.
    private static func own(
        _ name: String, _ arguments: [PythonObject], _ keywords: [(String, PythonObject)], _ py: borrowing Python
    ) throws(PythonError) -> PythonObject? {
        let most = name == "sum" ? 2 : 1
        guard ["sum", "min", "max"].contains(name), keywords.isEmpty, (1...most).contains(arguments.count),
            let hook = Hooks[.reduce]
        else { return nil }
        let made = try hook.invoke([arguments[0], try py.object(name)] + arguments.dropFirst(), [], py)
        return made.pointer == py_not_implemented_borrowed() ? nil : made
    }

    /// Python's built-in of a name, for those that lead nowhere but to values.
    private static func builtIn(
        _ name: String, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        if functions.contains(name) { return try py.builtin(name) }
        if let dot = name.firstIndex(of: "."), !["str.format", "str.format_map"].contains(name) {
            let (owner, member) = (String(name[..<dot]), String(name[name.index(after: dot)...]))
            if modules.contains(owner) { return try py.import(owner).attribute(member, py) }
            if types.contains(owner) { return try py.builtin(owner).attribute(member, py) }
        }
        let advice = types.contains(String(name.prefix { $0 != "." })) ? ", or use an f-string" : ""
        throw .typeError("\(name)() does not take objects of the host: give it what they hold\(advice)")
    }

    /// What a built-in does with an attribute that it is given the name of.
    private static func attribute(
        by function: String, _ arguments: [PythonObject], in core: ContextCore, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        guard arguments.count > 1 else { return try py.builtin(function).call(spread: arguments, keywords: [:], py) }
        let object = arguments[0]
        let isClass = ClosedClasses.isClass(object.pointer, typeName: object.typeName(py))
        if isClass, let refusal = ClosedClasses.refusal(of: object, in: core, py) { throw refusal }
        let attributes = OpenAttributes(object: object, core: core)
        let name = try arguments[1].value(as: String.self, py)
        if function == "getattr" {
            return try attributes.value(name, orElse: arguments.count > 2 ? arguments[2] : nil, py)
        }
        try attributes.checkChange(of: name, py)
        return try py.builtin(function).call(spread: arguments, keywords: [:], py)
    }

    private static let functions: Set<String> = [
        "len", "sum", "min", "max", "sorted", "list", "tuple", "dict", "set", "frozenset", "str", "repr", "ascii",
        "int",
        "float", "bool", "abs", "round", "any", "all", "enumerate", "zip", "reversed", "iter", "next", "divmod", "pow",
        "hash", "format", "bytes", "callable", "isinstance", "range", "chr", "hex", "oct", "bin",
    ]
    private static let attributeFunctions: Set<String> = ["getattr", "setattr", "hasattr", "delattr"]
    private static let modules: Set<String> = ["math", "statistics", "json"]
    private static let types: Set<String> = ["str", "bytes", "int", "float", "tuple"]

    private static func comparison(_ operation: ComparisonOperator) -> PythonComparison {
        switch operation {
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .equal: .equal
        case .notEqual: .notEqual
        }
    }

    private static func `operator`(_ operation: BinaryOperator) -> PythonOperator {
        switch operation {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .floorDivide: .floorDivide
        case .remainder: .remainder
        case .power: .power
        case .shiftLeft: .shiftLeft
        case .shiftRight: .shiftRight
        case .and: .and
        case .or: .or
        case .exclusiveOr: .xor
        }
    }

    private static func name(of operation: BinaryOperator) -> String {
        switch operation {
        case .add: "add"
        case .subtract: "sub"
        case .multiply: "mul"
        case .divide: "truediv"
        case .floorDivide: "floordiv"
        case .remainder: "mod"
        case .power: "pow"
        case .shiftLeft: "lshift"
        case .shiftRight: "rshift"
        case .and: "and_"
        case .or: "or_"
        case .exclusiveOr: "xor"
        }
    }
}

extension String {
    /// Without the underscore that keeps a name apart from a keyword of Python's.
    fileprivate var trimmedUnderscore: String { hasSuffix("_") ? String(dropLast()) : self }
}

extension PythonObject {
    /// A call with arguments whose names are known only here.
    func invoke(
        _ arguments: [PythonObject], _ keywords: [(String, PythonObject)], _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        if keywords.isEmpty { return try call(spread: arguments, keywords: [:], py) }
        guard let tuple = PyTuple_New(arguments.count) else { throw .taken(py) }
        defer { py_decref(tuple) }
        for (index, argument) in arguments.enumerated() { py_tuple_init(tuple, index, argument.owned(py)) }
        let named = try py.builtin("dict").call(py)
        for (name, value) in keywords { try named.setItem(name, value, py) }
        guard let result = py_call_keywords(pointer, tuple, named.pointer) else { throw .taken(py) }
        return PythonObject(owning: result)
    }
}
