/// What a heap knows: its accounts, its free blocks, its containers and the objects every program shares.
struct HeapState {
    /// Bytes that may be allocated before the collector looks at the containers.
    static let firstCollection = 8 << 20

    var bytesInUse = 0
    var liveObjects = 0
    /// Past this many bytes an allocation stops to collect cycles, or fails.
    var collectAt: Int
    let memoryLimit: Int
    /// What hashes begin with, different for each interpreter.
    var seed: UInt64
    /// The host chose the seed, so that a run can be repeated.
    var isDeterministic = false

    var meter: Meter
    var blocks = BlockAllocator()

    /// Every container, each knowing its index, so that the collector finds them.
    var containers: UnsafeMutablePointer<UnsafeMutablePointer<ObjectHeader>>
    var containerCount = 0
    private var containerCapacity = 64

    /// The dead that wait for their children to be released, linked through their headers; between portions, too.
    var dead: UnsafeMutablePointer<ObjectHeader>?
    var isDestroying = false
    /// Host handles whose last reference is gone; the interpreter tells the host.
    var releasedHandles: [UInt64] = []

    /// Suspended generators that nothing holds any more and that have something to clean up, in the order in which
    /// they were dropped, one reference each; the machine closes them at the next tick.
    var abandoned: [Value] = []
    /// Whether there is a machine that does.
    var keepsAbandoned = false

    /// Comparisons of keys that are under way inside one another.
    var keyComparisons = 0

    /// The last number given to an object that is hashed by identity.
    var lastIdentity: UInt32 = 0

    #if DEBUG
        /// The number of live objects of each kind.
        var census = [Int](repeating: 0, count: ObjectKind.allCases.count)
    #endif

    /// The patterns of regular expressions compiled last.
    var regexes = RegexCache()
    /// Where `print` writes; nil drops it.
    var output: (@Sendable ([UInt8]) -> Void)?
    /// Bytes that programs have printed and logged, and how many they may.
    var outputBytes = 0
    let outputLimit: Int
    /// What the module `time` reads.
    var time = ProgramTime.machine

    var common: CommonObjects
    var tupleNames = TupleNames()

    init(memoryLimit: Int, outputLimit: Int, seed: UInt64, meter: Meter, common: CommonObjects) {
        self.memoryLimit = memoryLimit
        self.outputLimit = outputLimit
        self.seed = seed
        self.meter = meter
        self.common = common
        collectAt = min(memoryLimit, HeapState.firstCollection)
        containers = .reserved(containerCapacity)
    }

    @inline(__always) mutating func track(_ object: UnsafeMutablePointer<ObjectHeader>) {
        if containerCount == containerCapacity { growContainers() }
        // Safe because the list of containers is kept shorter than its capacity.
        containers[containerCount] = object
        object.pointee.containerIndex = UInt32(truncatingIfNeeded: containerCount)
        containerCount &+= 1
    }

    @inline(__always) mutating func untrack(_ object: UnsafeMutablePointer<ObjectHeader>) {
        let index = object.pointee.containerIndex
        containerCount &-= 1
        let last = containers[containerCount]
        containers[Int(index)] = last
        last.pointee.containerIndex = index
    }

    /// Counts what a program is about to print or log.
    mutating func takeOutput(bytes: Int) throws(DanaError) {
        guard bytes <= outputLimit - outputBytes else { throw .limit(.output) }
        outputBytes += bytes
    }

    @inline(never) private mutating func growContainers() {
        let larger = UnsafeMutablePointer<UnsafeMutablePointer<ObjectHeader>>.reserved(containerCapacity * 2)
        larger.moveInitialize(from: containers, count: containerCount)
        containers.giveBack()
        containers = larger
        containerCapacity *= 2
    }
}
