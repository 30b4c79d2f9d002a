import Testing

@testable import DanaLanguage

/// What an algorithm writes, checked against what its counter says of it.
func written(_ write: (inout [UInt8]) -> Void, counted count: (inout ByteCounter) -> Void) -> String {
    var bytes: [UInt8] = []
    write(&bytes)
    var counter = ByteCounter()
    count(&counter)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(counter.bytes == bytes.count)
    #expect(counter.scalars == text.unicodeScalars.count || text.contains("\u{FFFD}"))
    return text
}

extension String {
    /// This text's bytes as a view for the time of a call.
    func withView<Result, Failure: Error>(
        _ body: (ByteView) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try Array(utf8).withView(body)
    }
}
