extension Resolver {
    /// What is surely set at a place, as the walk goes through the program in the order it runs.
    ///
    /// A part that may not run is a branch: what it sets counts inside it, and after it only if every
    /// other way sets it too.
    struct Flow {
        /// The entries that were set, in order.
        private var trail: [Int32] = []
        /// Whether the place cannot be reached.
        var isDead = false

        struct Mark {
            fileprivate let trail: Int
            fileprivate let isDead: Bool
        }

        /// What all ways so far set that ended well; nil before the first such way.
        struct Arms {
            fileprivate var common: [Int32]?
        }

        mutating func set(_ index: Int, _ entries: inout [Entry]) {
            guard !entries[index].isSet else { return }
            entries[index].isSet = true
            trail.append(Int32(truncatingIfNeeded: index))
        }

        func begin() -> Mark { Mark(trail: trail.count, isDead: isDead) }

        /// Ends a branch whose sets do not count after it.
        mutating func forget(_ mark: Mark, _ entries: inout [Entry]) {
            for index in trail[mark.trail...] { entries[Int(index)].isSet = false }
            trail.removeSubrange(mark.trail...)
            isDead = mark.isDead
        }

        /// Ends one of several ways, of which exactly one is gone.
        mutating func end(_ mark: Mark, _ arms: inout Arms, _ entries: inout [Entry]) {
            if !isDead {
                if let common = arms.common {
                    arms.common = common.filter { entries[Int($0)].isSet }
                } else {
                    arms.common = Array(trail[mark.trail...])
                }
            }
            forget(mark, &entries)
        }

        /// Joins the ways; the place after them is dead when none ended well.
        mutating func join(_ arms: Arms, _ entries: inout [Entry]) {
            guard let common = arms.common else {
                isDead = true
                return
            }
            for index in common { set(Int(index), &entries) }
        }
    }
}
