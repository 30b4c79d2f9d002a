/// Makes the head of an answer out of its lines, one by one. Heads of interim answers (1xx) are passed over, and so
/// are the fields that follow a body.
struct HeadParser {
    enum Step {
        case more
        case head(HTTPHead)
        /// The fault, in words.
        case invalid(HTTPError.Code, String)
    }

    private let limit: Int
    private var size = 0
    private var head: HTTPHead?
    private var isDone = false

    init(limit: Int) { self.limit = limit }

    /// A head has begun, and its end has not come.
    var isInside: Bool { head != nil }

    /// Takes a line, with or without its end.
    mutating func line(_ bytes: UnsafeRawBufferPointer) -> Step {
        guard !isDone else { return .more }
        size += bytes.count
        guard size <= limit else {
            return .invalid(.headersTooLarge, "the head of the answer is longer than the limit of \(limit) bytes")
        }
        let text = String(decoding: bytes, as: UTF8.self).trimmingLineEnd()
        if text.hasPrefix("HTTP/") {
            guard let status = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }), status >= 100 else {
                return .invalid(.invalidResponse, "the answer's first line has no status")
            }
            head = HTTPHead(status: status)
        } else if text.isEmpty {
            return endOfHead()
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            head?.headers.append(String(text[..<colon]), String(value))
        }
        return .more
    }

    private mutating func endOfHead() -> Step {
        guard let whole = head else {
            return .invalid(.invalidResponse, "the answer does not begin with a status line")
        }
        head = nil
        guard whole.status >= 200 else { return .more }
        isDone = true
        return .head(whole)
    }
}

extension String {
    /// Without the spaces and line ends behind it.
    fileprivate func trimmingLineEnd() -> Substring {
        var end = utf8.endIndex
        while end > utf8.startIndex {
            let before = utf8.index(before: end)
            guard [0x0d, 0x0a, 0x20, 0x09].contains(utf8[before]) else { break }
            end = before
        }
        return self[..<end]
    }
}
