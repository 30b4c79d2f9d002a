import Glibc

/// Memory for a few values straight from the system, which takes a fraction of the time of `allocate`: that asks for an
/// alignment.
extension UnsafeMutablePointer {
    /// Uninitialised; for values that are aligned as everything that `malloc` gives.
    static func reserved(_ count: Int) -> UnsafeMutablePointer {
        guard let memory = malloc(count * MemoryLayout<Pointee>.stride) else { return allocate(capacity: count) }
        return memory.bindMemory(to: Pointee.self, capacity: count)
    }

    /// Gives back what `reserved` gave, deinitialised.
    func giveBack() { free(self) }
}
