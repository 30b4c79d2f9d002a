/// An iteration under way over values that need no Dana code to go on.
struct IteratorObject: HeapObject {
    /// What the iterator walks and gives.
    enum Form: UInt32 {
        /// `source` is a list, a tuple, a string, bytes or a range; `position` the next index (a string's: byte).
        case sequence
        /// The same from the end; `position` counts what is left.
        case reversedSequence
        /// `source` is a dict, a set or a dict view; `position` the next entry, `expected` the count at the start.
        case table
        case reversedTable
        /// `source` is an iterator; gives (`position`, item).
        case enumerate
        /// `source` is a tuple of iterators; gives a tuple of their items until one ends.
        case zip
        /// `source` is an `EnumTypeObject`; gives its members.
        case members
    }

    struct Layout {
        /// Its `own` is the form.
        var header: ObjectHeader
        /// Null once the iterator is at its end.
        var source: Value
        var position: Int
        var expected: Int
        var padding: Int
    }

    static let kind = ObjectKind.iterator
    let at: UnsafeMutablePointer<Layout>
    var form: Form { Form(rawValue: at.pointee.header.own) ?? .sequence }
}

extension Heap {
    /// Takes over the source's reference even on an error.
    func iterator(_ form: IteratorObject.Form, source: Value, position: Int = 0, expected: Int = 0) throws(DanaError)
        -> IteratorObject
    {
        let held = owned(source)
        let object = try allocate(IteratorObject.self, own: form.rawValue)
        object.at.pointee.source = held.take()
        object.at.pointee.position = position
        object.at.pointee.expected = expected
        return object
    }
}
