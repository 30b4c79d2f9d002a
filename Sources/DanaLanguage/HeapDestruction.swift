/// Destroying what nothing holds any more: a list of the dead instead of recursion, however deep values nest. What is
/// very large is destroyed in portions, between which limits are seen.
extension Heap {
    /// How many containers are destroyed when one dies or when the meter is looked at; the rest of what died with them
    /// waits for the next look.
    private static let destroyedAtOnce = 1 << 13

    /// What `release` calls with an object whose last reference is gone.
    @inline(never) func destroy(_ object: UnsafeMutablePointer<ObjectHeader>) {
        if object.pointee.kind.isContainer {
            if object.pointee.kind == .generator, keep(GeneratorObject(known: Value(object: object))) { return }
            state.pointee.untrack(object)
            let waiting = state.pointee.dead
            linkDead(object)
            if !state.pointee.isDestroying { destroyDead(before: waiting) }
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

    /// Destroys a portion of the dead that wait.
    @inline(never) func destroySomeDead() {
        if !state.pointee.isDestroying { destroyDead(before: nil) }
    }

    /// Destroys all of the dead that wait, with a pause after each portion.
    func destroyAllDead<Failure: Error>(pause: () throws(Failure) -> Void) throws(Failure) {
        guard !state.pointee.isDestroying else { return }
        while state.pointee.dead != nil {
            destroyDead(before: nil)
            try pause()
        }
    }

    /// Destroys all of the dead that wait, however long that takes.
    func destroyAllDead() {
        destroyAllDead { () throws(Never) in }
    }

    /// Destroys at most a portion of the dead, as far as one that waited before them.
    private func destroyDead(before last: UnsafeMutablePointer<ObjectHeader>?) {
        state.pointee.isDestroying = true
        var left = Heap.destroyedAtOnce
        while left > 0, let object = state.pointee.dead, object != last {
            left &-= 1
            let link = UInt(object.pointee.containerIndex) << 4 | UInt(object.pointee.own) << 36
            state.pointee.dead = UnsafeMutablePointer(bitPattern: link)
            forEachChild(of: object) { release($0) }
            freeBuffers(of: object)
            free(object)
        }
        state.pointee.isDestroying = false
    }
}
