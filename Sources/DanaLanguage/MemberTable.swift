/// The attributes of one built-in type, as one interpreter reads them.
final class MemberTable {
    enum Member {
        case method(UnsafePointer<LinkedNative>)
        case property(UnsafePointer<LinkedNative>)
        /// A function of the prelude, by its interned name.
        case prelude(Value)
    }

    /// By the bits of the interned name.
    let members: [UInt64: Member]

    init(members: [UInt64: Member]) {
        self.members = members
    }

    /// Identifies the table in caches.
    var identity: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }
}
