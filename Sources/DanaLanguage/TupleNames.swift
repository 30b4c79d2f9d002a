/// The names by which items of tuples from the host are attributes, too: lists of them, each kept once.
struct TupleNames {
    private var lists: [[String]] = []
    private var numbers: [[String]: UInt32] = [:]

    /// Lists beyond so many are not kept, and names beyond so many in one.
    private static let most = 1000

    /// The number of a list, from 1; 0 where it is not kept.
    mutating func number(of names: [String]) -> UInt32 {
        if let known = numbers[names] { return known }
        guard lists.count < TupleNames.most, names.count <= TupleNames.most else { return 0 }
        lists.append(names)
        let number = UInt32(truncatingIfNeeded: lists.count)
        numbers[names] = number
        return number
    }

    /// The place of a name in the list of a number.
    func place(of name: String, in number: UInt32) -> Int? {
        let index = Int(number) - 1
        return lists.indices.contains(index) ? lists[index].firstIndex(of: name) : nil
    }
}

extension Heap {
    /// A tuple's item of a name, borrowed; nil where it has none.
    func item(named name: @autoclosure () -> String, of tuple: TupleObject) -> Value? {
        let number = tuple.at.pointee.header.own
        guard number > 0, let place = state.pointee.tupleNames.place(of: name(), in: number), place < tuple.count else {
            return nil
        }
        return tuple[unchecked: place]
    }
}
