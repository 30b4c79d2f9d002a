/// Where variables stand that a host looked up by name, so that it finds them at once when it asks again.
struct RememberedNames {
    private var slots: [String: UnsafeMutablePointer<ModuleObject.Slot>] = [:]
    /// The number of changes to the list of modules up to which the names mean what they did.
    private var version = 0

    private static let most = 256

    /// The variable's value, borrowed; nil where the name is not known, or the variable has none.
    func value(_ name: String, version: Int) -> Value? {
        // Safe because a slot never moves, and lives as long as the interpreter.
        guard version == self.version, let slot = slots[name], !slot.pointee.value.isUndefined else { return nil }
        return slot.pointee.value
    }

    mutating func set(_ slot: UnsafeMutablePointer<ModuleObject.Slot>, for name: String, version: Int) {
        if version != self.version || slots.count >= RememberedNames.most { slots = [:] }
        self.version = version
        slots[name] = slot
    }
}
