/// The attributes of one built-in type, shared by all interpreters.
final class MemberTable {
    enum Member {
        case method(UnsafePointer<LinkedNative>)
        case property(UnsafePointer<LinkedNative>)
        /// A function of the prelude, by its name.
        case prelude(String)
    }

    let members: [String: Member]

    init(members: [String: Member]) {
        self.members = members
    }

    /// Identifies the table in caches.
    var identity: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }
}

/// A name looked up in a table, as an interpreter remembers it.
struct MemberKey: Hashable {
    let table: UnsafeMutableRawPointer
    /// The interned name's bits.
    let name: UInt64
}
