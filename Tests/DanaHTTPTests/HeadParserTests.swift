import Testing

@testable import DanaHTTP

/// Heads of answers, line by line.
@Suite struct HeadParserTests {
    private func parse(_ lines: [String], limit: Int = 1000) -> [HeadParser.Step] {
        var parser = HeadParser(limit: limit)
        return lines.map { line in
            Array("\(line)\r\n".utf8).withUnsafeBytes { unsafe parser.line($0) }
        }
    }

    @Test func aHeadIsRead() {
        let steps = parse(["HTTP/1.1 404 Not Found", "Content-Type:  text/plain ", "X-Empty:", "x: a:b", ""])
        guard case .head(let head)? = steps.last else { return #expect(Bool(false), "there is no head") }
        #expect(head.status == 404)
        #expect(head.headers["content-type"] == "text/plain")
        #expect(head.headers["X-EMPTY"] == "")
        #expect(head.headers["X"] == "a:b")
        #expect(head.headers["y"] == nil)
    }

    @Test func interimHeadsAndFieldsBehindTheBodyArePassedOver() {
        let steps = parse(["HTTP/1.1 103 Early Hints", "A: b", "", "HTTP/2 200", "C: d", "", "Trailer: x", ""])
        let heads = steps.compactMap { step in if case .head(let head) = step { head } else { nil } }
        #expect(heads.map(\.status) == [200])
        #expect(heads.first?.headers.fields.map(\.name) == ["C"])
    }

    @Test(arguments: [["HTTP/1.1 abc", ""], ["HTTP/1.1", ""], ["A: b", ""]])
    func whatIsNoHeadIsRefused(lines: [String]) {
        let isRefused = parse(lines).contains { if case .invalid(.invalidResponse, _) = $0 { true } else { false } }
        #expect(isRefused)
    }

    @Test func aLongHeadIsRefused() {
        let steps = parse(["HTTP/1.1 200 OK"] + (0..<20).map { "X-\($0): aaaaaaaaaa" }, limit: 100)
        guard case .invalid(.headersTooLarge, _)? = steps.last else {
            return #expect(Bool(false), "the limit does not hold")
        }
    }
}
