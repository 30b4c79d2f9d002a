/// The host's functions that a context's programs find, by name and by the number that their calls carry.
struct HostFunctionTable {
    private var named: [String: any HostFunction]
    /// The names that the interpreter knows.
    private var told: Set<String>
    /// The names of the registry's functions.
    private var registered: Set<String> = []
    private var numbered: [(any HostFunction)?] = []
    /// The registry's version up to which it was looked through: an empty one's before the first time.
    var version = FunctionRegistry.emptyVersion

    /// The interpreter knows the names of `told`, some of which may be nobody's any more.
    init(_ named: [String: any HostFunction], told: Set<String>) {
        self.named = named
        self.told = told
    }

    /// Notes a function, and whether its name is new to the interpreter.
    mutating func set(_ function: any HostFunction, for name: String) -> Bool {
        numbered = []
        named[name] = function
        registered.insert(name)
        return told.insert(name).inserted
    }

    /// Forgets the registry's functions but those of these names; gives the names of the others. Programs keep the
    /// names, and are refused.
    mutating func takeBack(allBut names: Set<String>) -> [String] {
        let removed = registered.subtracting(names).sorted()
        for name in removed {
            numbered = []
            registered.remove(name)
            named[name] = StandardFunctions.byName[name]
        }
        return removed
    }

    /// The function of a name.
    func function(named name: String) -> (any HostFunction)? { named[name] }

    /// The function of a number that a call has had before.
    func function(number: Int) -> (any HostFunction)? { numbered.indices.contains(number) ? numbered[number] : nil }

    /// The function that a call means.
    mutating func function(number: Int, name: String) -> (any HostFunction)? {
        if numbered.indices.contains(number), let function = numbered[number] { return function }
        guard let function = named[name] else { return nil }
        while numbered.count <= number { numbered.append(nil) }
        numbered[number] = function
        return function
    }
}
