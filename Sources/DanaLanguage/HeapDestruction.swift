/// Destroying what nothing holds any more: a list of the dead instead of recursion, however deep values nest.
extension Heap {
    /// What `release` calls with an object whose last reference is gone.
    @inline(never) func destroy(_ object: UnsafeMutablePointer<ObjectHeader>) {
        if object.pointee.kind.isContainer {
            if object.pointee.kind == .generator, keep(GeneratorObject(known: Value(object: object))) { return }
            state.pointee.untrack(object)
            linkDead(object)
            if !state.pointee.isDestroying { drainDead() }
        } else {
            freeBuffers(of: object)
            free(object)
        }
    }

    /// Keeps a generator alive that has something to clean up; whether it did.
    @inline(never) private func keep(_ generator: GeneratorObject) -> Bool {
        guard state.pointee.keepsAbandoned, generator.needsClosing else { return false }
        generator.at.pointee.header.count = 1
        state.pointee.abandoned.append(generator.value)
        state.pointee.meter.lookSoon()
        return true
    }

    /// A dead object's header keeps its size class; the 8 bytes behind it link the dead.
    private func linkDead(_ object: UnsafeMutablePointer<ObjectHeader>) {
        let link = UInt(bitPattern: state.pointee.dead)
        object.pointee.containerIndex = UInt32(truncatingIfNeeded: link >> 4)
        object.pointee.own = UInt32(truncatingIfNeeded: link >> 36)
        state.pointee.dead = object
    }

    private func drainDead() {
        state.pointee.isDestroying = true
        while let object = state.pointee.dead {
            let link = UInt(object.pointee.containerIndex) << 4 | UInt(object.pointee.own) << 36
            state.pointee.dead = UnsafeMutablePointer(bitPattern: link)
            forEachChild(of: object) { release($0) }
            freeBuffers(of: object)
            free(object)
        }
        state.pointee.isDestroying = false
    }
}
