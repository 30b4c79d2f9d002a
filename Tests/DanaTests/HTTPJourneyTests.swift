import Testing

@testable import Dana

/// Addresses as they are compared to grants, and where redirects lead.
@Suite struct HTTPJourneyTests {
    @Test(arguments: [
        ("http://Example.com", "http://example.com/"),
        ("https://example.com:443/a?b#c", "https://example.com/a?b"),
        ("HTTP://example.com:8080?x=1", "http://example.com:8080/?x=1"),
        ("http://[::1]:80/x", "http://[::1]/x"),
        ("http://127.0.0.1:080/", "http://127.0.0.1/"),
    ])
    func addressesAreWrittenInOneWay(text: String, expected: String) {
        #expect(HTTPAddress(text)?.text == expected)
    }

    @Test(arguments: [
        "ftp://example.com", "http://", "http://a@b/", "http://a:b@c/", "http://a\\b/", "http://a b/", "http://a:0/",
        "http://a:65536/", "http://a:8x/", "http://a:/", "http://[::1/", "http://[]/", "http://[::g]/",
        "http://[::1]x/",
        "http://ex%61mple.com/", "http://ex\u{e4}mple.com/", "//example.com/", "",
    ])
    func oddAddressesAreNone(text: String) { #expect(HTTPAddress(text) == nil) }

    @Test func whatMayHoldASecretIsNoPartOfALocation() {
        #expect(HTTPAddress("http://h/a?\u{301}key=b")?.location == "http://h/a")
        #expect(HTTPAddress("http://h/a#\u{301}key=b")?.location == "http://h/a")
    }

    @Test func grantsAreHostsWithOrWithoutPorts() throws {
        let address = try #require(HTTPAddress("https://Api.example.com/x"))
        #expect(address.isGranted(by: nil))
        #expect(address.isGranted(by: ["api.example.com"]))
        #expect(address.isGranted(by: ["API.example.com:443"]))
        for scopes in [[], ["example.com"], ["api.example.com:80"], ["api.example.com."], ["*"]] as [[String]] {
            #expect(!address.isGranted(by: scopes), "\(scopes)")
        }
        #expect(HTTPAddress("http://[::1]/")?.isGranted(by: ["::1"]) == true)
    }

    @Test(arguments: [
        ("/c", "http://h:1/c"), ("c", "http://h:1/a/c"), ("?q", "http://h:1/a/b?q"), ("", "http://h:1/a/b?x"),
        ("#f", "http://h:1/a/b?x"), ("//other/c", "http://other/c"), ("https://other", "https://other/"),
        ("c:d", nil), ("c?d=e:f", "http://h:1/a/c?d=e:f"),
    ])
    func redirectsLeadSomewhere(location: String, expected: String?) throws {
        let address = try #require(HTTPAddress("http://h:1/a/b?x"))
        #expect(address.following(location)?.text == expected)
    }

    private static func journey(_ method: String = "POST", scopes: [String]? = nil) throws -> HTTPJourney {
        HTTPJourney(
            method, to: try #require(HTTPAddress("http://h/")),
            fields: [("Authorization", "k"), ("Content-Type", "t"), ("X", "y")], body: [1], scopes: scopes)
    }

    @Test func whatIsMeantForOneServerStaysThere() throws {
        var journey = try Self.journey()
        #expect(journey.answered(status: 307, location: "/b") == .goesOn)
        #expect(journey.fields.map(\.name) == ["Authorization", "Content-Type", "X"])
        #expect(journey.method == "POST" && journey.body == [1])
        #expect(journey.answered(status: 307, location: "https://h/b") == .goesOn)
        #expect(journey.fields.map(\.name) == ["Content-Type", "X"])
        #expect(journey.answered(status: 302, location: "/c") == .goesOn)
        #expect(journey.method == "GET" && journey.body == nil)
        #expect(journey.fields.map(\.name) == ["X"])
    }

    @Test func aRedirectGoesNowhereItMayNot() throws {
        var journey = try Self.journey("GET", scopes: ["h"])
        #expect(journey.isGranted)
        #expect(journey.answered(status: 200, location: "http://other/") == .arrived)
        #expect(journey.answered(status: 302, location: nil) == .arrived)
        let other = try #require(HTTPAddress("http://other/"))
        #expect(journey.answered(status: 302, location: "http://other/") == .denied(other))
        guard case .lost = journey.answered(status: 302, location: "ftp://h/") else {
            Issue.record("it leads to what is no address")
            return
        }
        var circle = try Self.journey("GET")
        for _ in 0..<10 { #expect(circle.answered(status: 302, location: "/") == .goesOn) }
        guard case .lost = circle.answered(status: 302, location: "/") else {
            Issue.record("it goes on in a circle")
            return
        }
    }
}
