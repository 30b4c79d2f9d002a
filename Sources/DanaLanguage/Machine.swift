/// The virtual machine of one interpreter: what outlives the single step. The loop is in `MachineLoop`.
final class Machine {
    let heap: Heap
    let limits: Limits
    let cancellation: Cancellation
    let catalogue: NativeCatalogue
    /// The module of built-ins and core functions, which every module falls back to.
    let core: ModuleObject

    // The fibers and what they wait for.
    var fibers: [UnsafeMutablePointer<FiberState>] = []
    var nextFiber = 0
    /// The entry that `Interpreter.start` began.
    var mainEntry = 0
    /// The limit that was used up: nothing runs any more.
    var exhausted: ProgramError?
    var joins: [Int: Join] = [:]
    var pending = HostCallTable()
    var hostCallCount = 0
    /// The run is being cancelled: fibers only clean up.
    var isCancelling = false
    /// The number of the fiber that noticed the cancellation while it ran.
    var cancelledFiber: Int?
    /// Where the fiber stood that used up a limit, innermost call first.
    var limitPlaces: [TracePlace] = []
    /// Exceptions of programs that failed with errors of the host's own, one reference each, until the host has seen to
    /// those.
    var failures: [Value] = []
    /// Where the finished program's result is.
    let resultPlace: UnsafeMutablePointer<Value>

    // What was linked.
    var linked: [UnsafeMutablePointer<LinkedCode>] = []
    var arenas: [LinkArena] = []
    var linkedCodes: [Unmanaged<Code>] = []
    var modules: [String: ModuleObject] = [:]
    /// All modules in the order in which they were made, the core module first.
    var moduleOrder: [ModuleObject] = []
    /// Modules that another of their name replaced; linked code still reads their variables.
    var replaced: [ModuleObject] = []
    var natives: [UnsafeMutablePointer<LinkedNative>] = []
    var lastVersion = 0
    /// What was linked after the machine was made, in order, so that a restored program links the same.
    var linkLog: [LinkEntry] = []

    /// The names of the host's functions, by the index their objects hold.
    var hostFunctions: [String] = []
    var capabilities: Set<String> = []
    var mayWriteSystem = false
    /// By the raw value of `ScopeKind`.
    let scopes: [DictObject]

    // Members of built-in types.
    var typeTables: [MemberTable?] = Array(repeating: nil, count: BuiltInType.allCases.count)
    var staticTables: [MemberTable?] = Array(repeating: nil, count: BuiltInType.allCases.count)
    var exceptionTable: MemberTable?
    var enumTable: MemberTable?
    var structTable: MemberTable?
    /// The identity of the table of each object kind that has one table.
    let tablesByKind: UnsafeMutablePointer<UnsafeMutableRawPointer?>

    var str: UnsafePointer<LinkedNative>?
    var repr: UnsafePointer<LinkedNative>?
    var ascii: UnsafePointer<LinkedNative>?
    var format: UnsafePointer<LinkedNative>?

    /// Codes and sites of the machine's own; set as soon as codes can be linked.
    var own: OwnCodes?

    init(catalogue: NativeCatalogue, limits: Limits, clock: Clock?, cancellation: Cancellation, seed: UInt64)
        throws(ProgramError)
    {
        self.catalogue = catalogue
        self.limits = limits
        self.cancellation = cancellation
        heap = Heap(limits: limits, clock: clock, cancellation: cancellation, seed: seed)
        let natives = NativeLinker(catalogue: catalogue)
        do {
            heap.state.pointee.common = try CommonObjects(heap: heap) { natives.constructors[$0] }
            core = try heap.module(name: try heap.name("core"))
            scopes = [try heap.dict(), try heap.dict(), try heap.dict()]
        } catch {
            natives.end()
            heap.end()
            throw ProgramError(cause: .limit(.memory), message: LimitKind.memory.message, stack: [])
        }
        self.natives = natives.all
        moduleOrder = [core]
        resultPlace = .allocate(capacity: 1)
        resultPlace.initialize(to: .undefined)
        tablesByKind = .allocate(capacity: 256)
        tablesByKind.initialize(repeating: nil, count: 256)
        str = natives.str
        repr = natives.repr
        ascii = natives.ascii
        format = natives.format
        do {
            try installMembers(natives)
            try installCore(natives)
            own = try OwnCodes(machine: self)
            try installPrelude()
            heap.state.pointee.keepsAbandoned = true
        } catch {
            throw programError(error)
        }
    }

    deinit {
        heap.state.pointee.keepsAbandoned = false
        clearFibers()
        for generator in heap.state.pointee.abandoned { heap.release(generator) }
        pending.end(heap)
        releaseFailures()
        heap.release(resultPlace.pointee)
        resultPlace.deallocate()
        tablesByKind.deallocate()
        if let own { own.end(heap: heap) }
        for arena in arenas { arena.end() }
        for code in linkedCodes { code.release() }
        for module in modules.values { heap.release(module.value) }
        for module in replaced { heap.release(module.value) }
        heap.release(core.value)
        for scope in scopes { heap.release(scope.value) }
        heap.collectCycles()
        for native in natives {
            native.pointee.defaults.deallocate()
            native.deinitialize(count: 1)
            native.deallocate()
        }
        heap.state.pointee.common?.end(heap: heap)
        assert(heap.liveObjects == 0 && heap.bytesInUse == 0, "references leak: \(heap.census)")
        heap.end()
    }

    /// The function that calls a pipeline's stages, borrowed.
    var pipelineFunction: Value { own.unsafelyUnwrapped.pipelineFunction }
    /// Calls R[0] with the tuple R[1] and the dict R[2].
    var callerCode: UnsafeMutablePointer<LinkedCode> { own.unsafelyUnwrapped.caller }
    var enterSite: UnsafeMutablePointer<AttributeCache> { own.unsafelyUnwrapped.caller.pointee.sites }
    var exitSite: UnsafeMutablePointer<AttributeCache> { own.unsafelyUnwrapped.caller.pointee.sites + 1 }
}
