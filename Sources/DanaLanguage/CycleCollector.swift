/// Finds containers that only hold each other, by trial deletion: whatever references remain after those between
/// containers are taken away come from outside (registers, Swift code), and what those reach lives.
struct CycleCollector: ~Copyable {
    private let heap: Heap
    private let containers: UnsafeMutableBufferPointer<UnsafeMutablePointer<ObjectHeader>>
    /// For each container, by its index, the references not yet explained by other containers.
    private let outside: UnsafeMutableBufferPointer<UInt32>

    private static let reached: UInt32 = .max
    /// After so many values a search pauses.
    private static let pauseDistance = 1 << 16

    init(heap: Heap) {
        self.heap = heap
        containers = UnsafeMutableBufferPointer(
            start: heap.state.pointee.containers, count: heap.state.pointee.containerCount)
        outside = .allocate(capacity: containers.count)
        for index in containers.indices { outside.initializeElement(at: index, to: containers[index].pointee.count) }
    }

    deinit { outside.deallocate() }

    /// The containers that nothing outside reaches. `pause` is called again and again, and stops the search by throwing.
    func garbage<Failure: Error>(
        pause: () throws(Failure) -> Void
    ) throws(Failure) -> [UnsafeMutablePointer<ObjectHeader>] {
        let outside = self.outside
        var visited = 0
        func visits(_ count: Int) throws(Failure) {
            visited &+= count
            guard visited >= CycleCollector.pauseDistance else { return }
            visited = 0
            try pause()
        }
        for object in containers {
            try visits(8)
            try heap.forEachChild(of: object, before: visits) { child in
                if child.isObject && child.object.pointee.kind.isContainer {
                    outside[Int(child.object.pointee.containerIndex)] &-= 1
                }
            }
        }
        var pending: [UnsafeMutablePointer<ObjectHeader>] = []
        for (index, object) in containers.enumerated() where outside[index] > 0 {
            if outside[index] == CycleCollector.reached { continue }
            outside[index] = CycleCollector.reached
            pending.append(object)
            while let next = pending.popLast() {
                try visits(8)
                try heap.forEachChild(of: next, before: visits) { child in
                    guard child.isObject && child.object.pointee.kind.isContainer else { return }
                    let index = Int(child.object.pointee.containerIndex)
                    if outside[index] == CycleCollector.reached { return }
                    outside[index] = CycleCollector.reached
                    pending.append(child.object)
                }
            }
        }
        return containers.indices.filter { outside[$0] == 0 }.map { containers[$0] }
    }
}

extension Heap {
    /// Destroys every unreachable cycle. A limit of time that is met before they are found leaves all as it was.
    @inline(never) func collectCycles() throws(DanaError) {
        try collectCycles { () throws(DanaError) in try state.pointee.meter.poll() }
    }

    /// Destroys every unreachable cycle, however long that takes.
    func collectAllCycles() {
        collectCycles { () throws(Never) in }
    }

    private func collectCycles<Failure: Error>(pause: () throws(Failure) -> Void) throws(Failure) {
        guard !state.pointee.isDestroying else { return }
        try destroyAllDead(pause: pause)
        let collector = CycleCollector(heap: self)
        let garbage = try collector.garbage(pause: pause)
        for object in garbage {
            state.pointee.untrack(object)
            object.pointee.flags.insert(.dying)
        }
        // All references to garbage come from garbage, so only those to others are given back.
        for object in garbage {
            forEachChild(of: object) { child in
                if child.isObject && !child.object.pointee.flags.contains(.dying) { release(child) }
            }
        }
        for object in garbage {
            freeBuffers(of: object)
            free(object)
        }
    }
}
