/// The virtual machine of one interpreter: what outlives the single step. The loop is in `MachineLoop`.
///
/// Nothing that changes one of the variables without a check of exclusive access uses another way to that variable.
final class Machine {
    let heap: Heap
    let limits: Limits
    let cancellation: Cancellation
    let catalogue: NativeCatalogue
    let builtIns: LinkedCatalogue
    /// The module of built-ins and core functions, which every module falls back to.
    let core: ModuleObject

    // The fibers and what they wait for.
    @exclusivity(unchecked) var fibers: [UnsafeMutablePointer<FiberState>] = []
    @exclusivity(unchecked) var nextFiber = 0
    /// One that has ended, for the next: most of what a host begins needs one at a time.
    @exclusivity(unchecked) var spareFiber: UnsafeMutablePointer<FiberState>?
    /// The entry that `Interpreter.start` began.
    @exclusivity(unchecked) var mainEntry = 0
    /// The limit that was used up: nothing runs any more.
    @exclusivity(unchecked) var exhausted: ProgramError?
    var joins: [Int: Join] = [:]
    var pending = HostCallTable()
    @exclusivity(unchecked) var hostCallCount = 0
    /// The run is being cancelled: fibers only clean up.
    @exclusivity(unchecked) var isCancelling = false
    /// The number of the fiber that noticed the cancellation while it ran.
    @exclusivity(unchecked) var cancelledFiber: Int?
    /// Why entries were cancelled that run inside others.
    var entryReasons: [Int: String] = [:]
    /// Where the fiber stood that used up a limit, innermost call first.
    var limitPlaces: [TracePlace] = []
    /// Where entries that are cancelled stood, innermost call first.
    var cancelledPlaces: [Int: [TracePlace]] = [:]
    /// The handles of managers whose `with` a limit has ended, the innermost of each entry first.
    var managersLeftOpen: [(entry: Int, handle: UInt64)] = []
    /// Exceptions of programs that failed with errors of the host's own, one reference each, until the host has seen to
    /// those.
    @exclusivity(unchecked) var failures: [Value] = []
    /// Where the finished program's result is.
    let resultPlace: UnsafeMutablePointer<Value>

    // What was linked.
    @exclusivity(unchecked) var linked: [UnsafeMutablePointer<LinkedCode>] = []
    @exclusivity(unchecked) var arenas: [LinkArena] = []
    @exclusivity(unchecked) var modules = ModuleTable() {
        didSet { moduleChanges += 1 }
    }
    @exclusivity(unchecked) private(set) var moduleChanges = 0
    /// All modules in the order in which they were made, the core module first.
    @exclusivity(unchecked) var moduleOrder: [ModuleObject] = []
    /// Modules that no import finds any more; linked code still reads their variables.
    @exclusivity(unchecked) var replaced: [ModuleObject] = []
    /// Modules that imports do not find until they are run anew, by their names.
    var setAside: [String: ModuleObject] = [:]
    /// What holds the former variables of a module that is run anew, by the module's address.
    var former: [UnsafeMutablePointer<ModuleObject.Layout>: ModuleObject] = [:]
    @exclusivity(unchecked) var lastVersion = 0
    /// What was linked, in order, so that a restored program links the same.
    @exclusivity(unchecked) var linkLog: [LinkEntry] = []

    /// The names of the host's functions, by the index their objects hold.
    var hostFunctions: [String] = []
    /// The first of them, whose objects are made when a program first uses them.
    var offered: HostNames?
    /// Those of them that belong to the language as programs see it, like the built-ins.
    var builtInHostNames: HostNames?
    var capabilities: Set<String> = []
    /// Words the error of what needs a capability that is not granted: what, and the capability.
    var capabilityMessage: @Sendable (String, String) -> String = { what, capability in
        "\(what) needs the capability '\(capability)', which is not granted"
    }
    var mayWriteSystem = false
    /// An import of names into the global scope may replace functions that stand there.
    var mayOverwriteImports = false
    /// What programs were linked to, so that one that comes again is not linked again.
    @exclusivity(unchecked) var linkedPrograms: [LinkedProgram: UnsafeMutablePointer<LinkedCode>] = [:]
    /// The last of them, which many an interpreter has no other beside.
    @exclusivity(unchecked) var lastLinked: (key: LinkedProgram, code: UnsafeMutablePointer<LinkedCode>)?
    /// By the raw value of `ScopeKind`.
    let scopes: [DictObject]

    /// The members of built-in types that were looked up.
    var membersFound: [MemberKey: MemberTable.Member?] = [:]
    /// The table of `builtIns`.
    let tablesByKind: UnsafeMutablePointer<UnsafeMutableRawPointer?>

    // The machine's own codes, once linked.
    @exclusivity(unchecked) var caller: UnsafeMutablePointer<LinkedCode>?
    @exclusivity(unchecked) var pipeline = Value.undefined

    init(catalogue: NativeCatalogue, limits: Limits, clock: Clock?, cancellation: Cancellation, seed: UInt64)
        throws(ProgramError)
    {
        self.catalogue = catalogue
        self.limits = limits
        self.cancellation = cancellation
        builtIns = catalogue.linked
        tablesByKind = builtIns.tablesByKind
        heap = Heap(
            limits: limits, clock: clock, cancellation: cancellation, seed: seed, constructors: builtIns.constructors)
        do {
            try heap.state.pointee.common.begin(heap)
            core = try heap.module(name: try heap.name("core"))
            scopes = [try heap.dict(), try heap.dict(), try heap.dict()]
        } catch {
            heap.end()
            throw ProgramError(cause: .limit(.memory), message: LimitKind.memory.message, stack: [])
        }
        moduleOrder.reserveCapacity(4)
        moduleOrder.append(core)
        resultPlace = .reserved(1)
        resultPlace.initialize(to: .undefined)
        heap.state.pointee.keepsAbandoned = true
    }

    /// What was remembered of modules holds no more.
    func noteModuleChange() { moduleChanges += 1 }

    deinit {
        heap.state.pointee.keepsAbandoned = false
        clearFibers()
        for generator in heap.state.pointee.abandoned { heap.release(generator) }
        pending.end(heap)
        if let spareFiber { free(spareFiber) }
        releaseFailures()
        heap.release(resultPlace.pointee)
        resultPlace.giveBack()
        heap.release(pipeline)
        for code in linked { code.pointee.code.release() }
        for arena in arenas { arena.free() }
        modules.visit { heap.release($1.value) }
        for module in replaced { heap.release(module.value) }
        for module in setAside.values { heap.release(module.value) }
        heap.release(core.value)
        for scope in scopes { heap.release(scope.value) }
        heap.state.pointee.common.end(heap)
        heap.destroyAllDead()
        if heap.state.pointee.containerCount > 0 { heap.collectAllCycles() }
        assert(heap.liveObjects == 0 && heap.bytesInUse == 0, "references leak: \(heap.census)")
        heap.end()
    }
}
