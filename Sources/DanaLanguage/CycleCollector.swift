/// Finds containers that only hold each other, by trial deletion: whatever references remain after those between
/// containers are taken away come from outside (registers, Swift code), and what those reach lives.
struct CycleCollector {
    private let heap: Heap
    private let containers: UnsafeMutableBufferPointer<UnsafeMutablePointer<ObjectHeader>>
    /// For each container, by its index, the references not yet explained by other containers.
    private var outside: [UInt32]

    private static let reached: UInt32 = .max

    init(heap: Heap) {
        self.heap = heap
        containers = UnsafeMutableBufferPointer(
            start: heap.state.pointee.containers, count: heap.state.pointee.containerCount)
        outside = containers.map { $0.pointee.count }
    }

    /// The containers that nothing outside reaches.
    mutating func garbage() -> [UnsafeMutablePointer<ObjectHeader>] {
        outside.withUnsafeMutableBufferPointer { outside in
            for object in containers {
                heap.forEachChild(of: object) { child in
                    if child.isObject && child.object.pointee.kind.isContainer {
                        outside[Int(child.object.pointee.containerIndex)] &-= 1
                    }
                }
            }
        }
        var pending: [UnsafeMutablePointer<ObjectHeader>] = []
        for (index, object) in containers.enumerated() where outside[index] > 0 {
            if outside[index] == CycleCollector.reached { continue }
            outside[index] = CycleCollector.reached
            pending.append(object)
            while let next = pending.popLast() {
                outside.withUnsafeMutableBufferPointer { outside in
                    heap.forEachChild(of: next) { child in
                        guard child.isObject && child.object.pointee.kind.isContainer else { return }
                        let index = Int(child.object.pointee.containerIndex)
                        if outside[index] == CycleCollector.reached { return }
                        outside[index] = CycleCollector.reached
                        pending.append(child.object)
                    }
                }
            }
        }
        return containers.indices.filter { outside[$0] == 0 }.map { containers[$0] }
    }
}

extension Heap {
    /// Destroys every unreachable cycle.
    @inline(never) func collectCycles() {
        guard !state.pointee.isDestroying else { return }
        var collector = CycleCollector(heap: self)
        let garbage = collector.garbage()
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
