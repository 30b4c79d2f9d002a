/// One line of execution: a stack of registers and a stack of frames. All registers above the top frame's window are
/// undefined.
struct FiberState {
    enum Status {
        case ready
        /// Waits for the host call with this number.
        case waiting(Int)
        /// Waits for its children.
        case joining
        case finished
        /// Nothing caught an error; the machine has not told the parent yet.
        case failed(DanaError)
    }

    var registers: UnsafeMutablePointer<Value>
    var registerEnd: UnsafeMutablePointer<Value>
    var frames: UnsafeMutablePointer<Frame>
    /// The top frame.
    var frame: UnsafeMutablePointer<Frame>
    /// The last frame there is room for.
    var lastFrame: UnsafeMutablePointer<Frame>
    var status = Status.ready
    /// A slice ended before the instruction the top frame stands at, and not behind the one before it.
    var standsBefore = false
    /// The fiber was cancelled once: it cleans up and is left alone.
    var isInterrupted = false
    /// What the fiber came to, one reference, once finished; undefined when it failed.
    var result = Value.undefined
    /// Which fiber waits for it and which of that one's results it makes.
    var parent: UnsafeMutablePointer<FiberState>?
    var childNumber = 0
    /// What it waits for when it joins, kept by the machine.
    var number: Int
    /// The number of the fiber that began what this one works for.
    var entry = -1

    /// Registers that natives may use above the top frame's window.
    static let scratchCount = 64
    private static let firstRegisterCount = 128
    private static let firstFrameCount = 8

    init(number: Int, heap: Heap) throws(DanaError) {
        self.number = number
        let bytes = FiberState.firstRegisterCount * MemoryLayout<Value>.stride
        registers = try heap.allocateBuffer(bytes).bindMemory(to: Value.self, capacity: FiberState.firstRegisterCount)
        registers.initialize(repeating: .undefined, count: FiberState.firstRegisterCount)
        registerEnd = registers + FiberState.firstRegisterCount
        let frameBytes = FiberState.firstFrameCount * MemoryLayout<Frame>.stride
        do {
            frames = try heap.allocateBuffer(frameBytes)
                .bindMemory(to: Frame.self, capacity: FiberState.firstFrameCount)
        } catch {
            heap.freeBuffer(registers, bytes: bytes)
            throw error
        }
        // Before the first push there is no frame: the pointer stands one before the room.
        frame = frames - 1
        lastFrame = frames + (FiberState.firstFrameCount - 1)
    }

    /// Begins anew with the stacks of a fiber that has ended: no frame is left, all registers are undefined.
    mutating func begin(number: Int) {
        self.number = number
        status = .ready
        standsBefore = false
        isInterrupted = false
        result = .undefined
        parent = nil
        childNumber = 0
    }

    /// Whether the stacks have not grown.
    var isSmall: Bool {
        registerEnd - registers == FiberState.firstRegisterCount && lastFrame - frames + 1 == FiberState.firstFrameCount
    }

    /// Whether the machine has something to do with the fiber.
    var isRunnable: Bool {
        switch status {
        case .ready, .failed: true
        case .waiting, .joining, .finished: false
        }
    }

    var frameCount: Int { frame - frames + 1 }

    /// Gives the stacks back; no frame is left.
    func end(heap: Heap) {
        heap.freeBuffer(registers, bytes: (registerEnd - registers) * MemoryLayout<Value>.stride)
        heap.freeBuffer(frames, bytes: (lastFrame - frames + 1) * MemoryLayout<Frame>.stride)
    }

    /// Makes room for `count` registers above `top`; frames move along.
    mutating func growRegisters(above top: UnsafeMutablePointer<Value>, count: Int, heap: Heap) throws(DanaError) {
        let oldCount = registerEnd - registers
        let needed = (top - registers) + count
        var newCount = oldCount * 2
        while newCount < needed { newCount *= 2 }
        let stride = MemoryLayout<Value>.stride
        let larger = try heap.allocateBuffer(newCount * stride).bindMemory(to: Value.self, capacity: newCount)
        larger.update(from: registers, count: oldCount)
        (larger + oldCount).initialize(repeating: .undefined, count: newCount - oldCount)
        if frameCount > 0 {
            for index in 0..<frameCount {
                if frames[index].base >= registers && frames[index].base < registerEnd {
                    frames[index].base = larger + (frames[index].base - registers)
                }
                frames[index].top = larger + (frames[index].top - registers)
            }
        }
        heap.freeBuffer(registers, bytes: oldCount * stride)
        registers = larger
        registerEnd = larger + newCount
    }

    /// Makes room for more frames, up to the limit of depth.
    mutating func growFrames(depth: Int, heap: Heap) throws(DanaError) {
        let count = frameCount
        guard count < depth else { throw .limit(.depth) }
        let capacity = lastFrame - frames + 1
        let newCapacity = min(capacity * 2, depth)
        let stride = MemoryLayout<Frame>.stride
        let larger = try heap.allocateBuffer(newCapacity * stride).bindMemory(to: Frame.self, capacity: newCapacity)
        larger.update(from: frames, count: count)
        heap.freeBuffer(frames, bytes: capacity * stride)
        frames = larger
        frame = larger + (count - 1)
        lastFrame = larger + (newCapacity - 1)
    }
}
