import Testing

@testable import DanaHTTP

/// Requests that cannot be sent, and what errors show of an address.
@Suite struct HTTPRequestTests {
    @Test(arguments: [
        ("http://host/a?key=secret#x", "http://host/a"),
        ("https://user:password@host:8000/a@b", "https://host:8000/a@b"),
        ("http://host", "http://host"),
        ("ftp://secret@host", "an address that is not http"),
        ("", "an address that is not http"),
    ])
    func theLocationShowsNoSecret(url: String, expected: String) {
        #expect(HTTPRequest(url: url).location == expected)
    }

    @Test(arguments: [
        "ftp://host", "http://host/a b", "http://h\u{f6}st", "http://user:password@host/", "https://key@host", "/path",
        "http://host/\r\nX: y",
    ])
    func wrongAddressesAreRefused(url: String) {
        #expect(HTTPRequest(url: url).fault?.code == .invalidRequest)
    }

    @Test(arguments: [("X", "a\r\nY: b"), ("X Y", "a"), ("X:", "a"), ("", "a"), ("X", "a\u{0}")])
    func wrongFieldsAreRefused(name: String, value: String) {
        var request = HTTPRequest(url: "http://host/")
        #expect(request.fault == nil)
        request.headers.append(name, value)
        #expect(request.fault?.code == .invalidRequest)
    }

    @Test func fieldsAreFoundWithoutRegardToCase() {
        var headers: HTTPHeaders = ["Accept": "a", "accept": "b"]
        #expect(headers["ACCEPT"] == "a")
        headers["aCCept"] = "c"
        #expect(headers.fields.map(\.value) == ["c"])
        headers["accept"] = nil
        #expect(headers.fields.isEmpty)
    }
}
