/// Makes a fresh machine what a saved one was: links the same codes, then makes the objects, then what holds them:
/// modules, scopes and fibers.
struct ProgramRestorer {
    private let machine: Machine
    private let values: SavedValues
    private var reader: SaveReader
    /// The built-in modules that were there.
    private var natives: Set<String> = []

    /// Reads the seed, with which the machine must be made.
    static func seed(of content: ArraySlice<UInt8>) throws(SaveError) -> UInt64 {
        var reader = SaveReader(content)
        return try reader.read()
    }

    /// The machine is new, made with the saved seed and the catalogue of the machine that was saved.
    init(_ machine: Machine, content: ArraySlice<UInt8>) {
        self.machine = machine
        values = SavedValues(machine)
        reader = SaveReader(content)
    }

    private var heap: Heap { machine.heap }

    mutating func restore() throws(SaveError) {
        let _: UInt64 = try reader.read()
        machine.capabilities = Set(try reader.readArray { reader throws(SaveError) in try reader.readText() })
        machine.mayWriteSystem = try reader.readFlag()
        try restoreLinks()
        let fingerprint: UInt64 = try reader.read()
        guard fingerprint == machine.fingerprint else {
            throw SaveError(message: "the program was saved by another build: its sources compile to other code here")
        }
        let count: UInt64 = try reader.read()
        let (shapes, contents) = (try reader.readBytes(), try reader.readBytes())
        // Each object takes six bytes or more.
        guard count <= UInt64(shapes.count / 6) else { throw .damaged("its parts do not fit") }
        try ObjectRestorer(values).restore(Int(count), shapes: shapes[...], contents: contents[...])
        try restoreRoots()
        guard reader.isAtEnd else { throw .damaged("something is left over") }
    }

    // MARK: What was linked

    private mutating func restoreLinks() throws(SaveError) {
        let count = try reader.readCount()
        for _ in 0..<count { try restoreLink() }
    }

    private mutating func restoreLink() throws(SaveError) {
        let machine = self.machine
        let kind: UInt8 = try reader.read()
        switch kind {
        case 0: try restoreProgram()
        case 1:
            let name = try reader.readText()
            guard natives.insert(name).inserted else { throw .damaged("the module '\(name)' is there twice") }
            // One that another imports came with that.
            if machine.linkLog.contains(where: { $0.isNative(name) }) { return }
            guard machine.modules[name] == nil else { throw .damaged("the module '\(name)' is there twice") }
            let module = try machine.restoring { () throws(DanaError) in try machine.nativeModule(name) }
            guard module != nil else { throw .damaged("there is no module '\(name)'") }
        case 2:
            let name = try reader.readText()
            _ = try machine.restoring { () throws(DanaError) in try machine.preludeFunction(name) }
        case 3:
            guard let code = OwnCode(rawValue: try reader.read()) else { throw .damaged("a code of the machine's") }
            try machine.restoring { () throws(DanaError) in
                switch code {
                case .caller: _ = try machine.callerCode()
                case .pipeline: _ = try machine.pipelineFunction()
                }
            }
        case 4:
            let name = try reader.readText()
            try machine.restoring { () throws(DanaError) in try machine.defineHostFunction(name) }
        case 5:
            // The value comes with the module's variables.
            let name = try reader.readText()
            machine.linkLog.append(.defined(name))
            try machine.restoring { () throws(DanaError) in try machine.define(name, as: .null, in: machine.core) }
        case 6:
            let name = try reader.readText()
            _ = try machine.restoring { () throws(DanaError) in try machine.makeModule(name) }
        default: throw .damaged("there is no link \(kind)")
        }
    }

    private mutating func restoreProgram() throws(SaveError) {
        let name = try reader.readText()
        let source = SourceText(bytes: try reader.readBytes(), name: name)
        let isStrict = try reader.readFlag()
        let number: UInt32 = try reader.read()
        let moduleName = try reader.readText()
        let code: Code
        do { code = try Compiler.compile(source, isStrict: isStrict).code } catch {
            throw .damaged("\(source.name) does not compile")
        }
        let machine = self.machine
        try machine.restoring { () throws(DanaError) in
            try machine.relink(code, module: Int(number), name: moduleName)
        }
    }

    // MARK: Roots

    private mutating func restoreRoots() throws(SaveError) {
        let state = heap.state
        state.pointee.meter.restore(used: try readCounter())
        state.pointee.lastIdentity = try reader.read()
        machine.lastVersion = try readCounter()
        machine.hostCallCount = try readCounter()
        state.pointee.outputBytes = try readCounter()
        machine.nextFiber = try readCounter()
        machine.mainEntry = try readCounter()
        try restoreModules()
        for scope in machine.scopes { try restoreScope(scope) }
        heap.store(heap.retained(try values.read(&reader)), in: machine.resultPlace)
        try restoreAbandoned()
        try FiberRestorer(values).restore(&reader)
    }

    /// A number that only grows and is far from its end.
    private mutating func readCounter() throws(SaveError) -> Int {
        let counter: Int = try reader.read()
        guard counter >= 0, counter < 1 << 62 else { throw .damaged("a counter is out of its bounds") }
        return counter
    }

    private mutating func restoreAbandoned() throws(SaveError) {
        let count = try reader.readCount()
        for _ in 0..<count {
            let value = try values.read(&reader)
            guard value.isObject(.generator) else { throw .damaged("what was dropped is no generator") }
            heap.state.pointee.abandoned.append(heap.retained(value))
        }
        if count > 0 { heap.state.pointee.meter.lookSoon() }
    }

    private mutating func restoreModules() throws(SaveError) {
        let names = try reader.readArray { reader throws(SaveError) -> (String, UInt32) in
            (try reader.readText(), try reader.read())
        }
        var modules = ModuleTable()
        var named: Set<UInt32> = []
        for (name, number) in names {
            guard number > 0, Int(number) < machine.moduleOrder.count, named.insert(number).inserted,
                modules.update(machine.moduleOrder[Int(number)], for: name) == nil
            else { throw .damaged("the module '\(name)' has no place") }
        }
        machine.modules = modules
        machine.replaced = machine.moduleOrder.indices.dropFirst()
            .filter { !named.contains(UInt32($0)) }.map { machine.moduleOrder[$0] }
        for module in machine.moduleOrder { try restore(module) }
    }

    private mutating func restore(_ module: ModuleObject) throws(SaveError) {
        if try reader.readFlag() {
            module.header.pointee.flags.insert(.marked)
        } else {
            module.header.pointee.flags.remove(.marked)
        }
        let exports = try values.read(&reader)
        guard exports.isNull || exports.isObject(.set) else { throw .damaged("the exports of '\(module.name)'") }
        let old = module.at.pointee.exports
        module.at.pointee.exports = heap.retained(exports)
        heap.release(old)
        let count = try reader.readCount()
        for _ in 0..<count {
            let name = try reader.readText()
            let (value, fallback) = (try values.read(&reader), try values.read(&reader))
            let (machine, heap) = (self.machine, self.heap)
            try machine.restoring { () throws(DanaError) in
                try machine.define(name, as: heap.retained(value), fallback: heap.retained(fallback), in: module)
            }
        }
    }

    private mutating func restoreScope(_ scope: DictObject) throws(SaveError) {
        guard let saved = DictObject(try values.read(&reader)) else { throw .damaged("a scope is no dict") }
        let heap = self.heap
        try machine.restoring { () throws(DanaError) in try Arithmetic(heap: heap).update(scope, from: saved) }
    }
}
