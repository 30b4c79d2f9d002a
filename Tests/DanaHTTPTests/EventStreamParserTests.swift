import Testing
import ValueGenerator

@testable import DanaHTTP

/// Events found in streams, wherever the pieces are cut.
@Suite struct EventStreamParserTests {
    private func events(_ pieces: [[UInt8]]) throws -> [ServerSentEvent] {
        var parser = EventStreamParser()
        return try pieces.flatMap { try parser.feed($0) }
    }

    private func event(_ data: String, name: String = "message", id: String = "") -> ServerSentEvent {
        ServerSentEvent(name: name, data: Array(data.utf8), id: id)
    }

    @Test(arguments: [
        ("data: a\n\ndata: b\n\n", ["a", "b"]),
        ("data:a\n\n", ["a"]),
        ("data:  a\n\n", [" a"]),
        ("data: a\ndata: b\n\n", ["a\nb"]),
        ("data\n\n", [""]),
        ("data: a", []),
        ("data: a\n", []),
        (": a comment\n\n", []),
        ("\n\n\ndata: a\n\n", ["a"]),
        ("retry: 10\ndata: a\nunknown: x\n\n", ["a"]),
        ("\u{feff}data: a\n\n", ["a"]),
        ("data: a:b\n\n", ["a:b"]),
        ("data: \u{e9}\u{1f600}\n\n", ["\u{e9}\u{1f600}"]),
    ])
    func dataIsRead(text: String, expected: [String]) throws {
        for ending in ["\n", "\r\n", "\r"] {
            let written = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: ending)
            #expect(try events([Array(written.utf8)]) == expected.map { event($0) }, "with \(ending.debugDescription)")
        }
    }

    @Test func namesAndIdsAreRead() throws {
        let text = "event: start\nid: 7\ndata: a\n\ndata: b\n\nevent: end\n\nid: x\0y\ndata: c\n\n"
        let expected = [event("a", name: "start", id: "7"), event("b", id: "7"), event("c", id: "7")]
        #expect(try events([Array(text.utf8)]) == expected)
    }

    @Test func aFieldNamedErrorIsAnEventOfThatName() throws {
        #expect(try events([Array("data: a\n\nerror: b\n\n".utf8)]) == [event("a"), event("b", name: "error")])
        #expect(EventStreamParser.mayBegin(with: Array("error: b".utf8)))
    }

    @Test func everyCutGivesTheSame() throws {
        let text = Array(
            "\u{feff}event: a\r\ndata: one\r\ndata: two\r\n\r\n: x\rdata: \u{1f600}\r\rdata: last\n\n".utf8)
        let expected = try events([text])
        #expect(expected.count == 3)
        #expect(try events(text.map { [$0] }) == expected)
        for first in text.indices {
            for second in first..<text.count {
                let pieces = [Array(text[..<first]), Array(text[first..<second]), Array(text[second...])]
                #expect(try events(pieces) == expected, "cut at \(first) and \(second)")
            }
        }
    }

    @Test(arguments: 0..<100) func randomBytesGiveTheSameWhereverTheyAreCut(seed: UInt64) throws {
        var random = Generator(seed: seed)
        let alphabet = Array("data: \r\n\r\n:evntid\0\u{ff}x".utf8)
        let text = (0..<400).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
        let whole = try events([text])
        var pieces: [[UInt8]] = []
        var rest = text[...]
        while !rest.isEmpty {
            let size = min(rest.count, Int.random(in: 0..<9, using: &random))
            pieces.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        #expect(try events(pieces) == whole, "seed \(seed)")
    }

    @Test func limitsHold() {
        var parser = EventStreamParser(limits: .init(line: 10, event: 20))
        #expect(throws: EventStreamParser.Overflow.self) { try parser.feed(Array("data: 12345".utf8)) }
        var lines = EventStreamParser(limits: .init(line: 10, event: 20))
        #expect(throws: EventStreamParser.Overflow.self) {
            for _ in 0..<20 { _ = try lines.feed(Array("data: 12\n".utf8)) }
        }
    }

    @Test func itKnowsWhereItStands() throws {
        var parser = EventStreamParser()
        #expect(!parser.isInsideEvent)
        _ = try parser.feed(Array("data: a\n".utf8))
        #expect(parser.isInsideEvent)
        _ = try parser.feed(Array("\n".utf8))
        #expect(!parser.isInsideEvent)
    }
}
