/// What `repr` writes for a match of the module `text`, as Python writes one: where it is and what it holds, and not the
/// whole text that was searched.
struct MatchText {
    private let string: StringObject
    private let start: Int
    private let end: Int

    /// How much of what the match holds is written.
    private static let longest = 50

    /// Nil for any other struct, also for one of a program's that has the name and the fields.
    init?(_ structure: StructObject, _ heap: Heap) {
        guard structure.count == 7,
            StringObject(structure.type.at.pointee.name)?.bytes.elementsEqual("Match".utf8) == true,
            let group = try? heap.name("group"), let method = try? heap.value(under: group, in: structure.type.methods),
            let function = FunctionObject(method),
            function.code.pointee.code.takeUnretainedValue().parts.source.isPrelude,
            let string = StringObject(structure.fields[0]), let spans = TupleObject(structure.fields[2]),
            spans.count > 1, spans[unchecked: 0].isSmallInteger, spans[unchecked: 1].isSmallInteger
        else { return nil }
        let (start, end) = (spans[unchecked: 0].smallInteger, spans[unchecked: 1].smallInteger)
        guard 0 <= start, start <= end, end <= string.scalarCount else { return nil }
        self.string = string
        self.start = start
        self.end = end
    }

    func write(into output: inout TextOutput, asciiOnly: Bool, _ heap: Heap) throws(DanaError) {
        output.append("<re.Match object; span=(")
        output.append(decimal: start)
        output.append(", ")
        output.append(decimal: end)
        output.append("), match=")
        let last = min(end, start + MatchText.longest)
        let (first, behind) = (try heap.byteOffset(of: start, in: string), try heap.byteOffset(of: last, in: string))
        var written: [UInt8] = []
        TextRepr.write(text: ByteView(string.bytes)[first..<behind], asciiOnly: asciiOnly, into: &written)
        let text = String(decoding: written, as: UTF8.self).unicodeScalars.prefix(MatchText.longest)
        output.append(text: String(String.UnicodeScalarView(text)))
        output.append(">")
    }
}
