import Testing

@testable import Dana

/// When values outside a context are equal.
@Suite struct DanaValueTests {
    @Test(
        arguments: [
            (.set([1, "a", nil]), .set([nil, 1, "a"]), true), (.set([1, 2]), .set([1, 3]), false),
            (.set([1, 1, 2]), .set([1, 2, 2]), false), (.set([1]), .list([1]), false),
            (.dict([("a", 1), ("b", 2)]), .dict([("b", 2), ("a", 1)]), true),
            (.dict([("a", 1), ("b", 2)]), .dict([("a", 2), ("b", 1)]), false), (.dict([("a", 1)]), .dict([]), false),
            (.set([.tuple([1, .set([2, 3])])]), .set([.tuple([1, .set([3, 2])])]), true),
            (.list([1, 2]), .list([2, 1]), false), (1, 1.0, false), (0.0, -0.0, true),
            (.float(.nan), .float(.nan), false), (.set([.float(.nan)]), .set([.float(.nan)]), false),
        ] as [(DanaValue, DanaValue, Bool)])
    func setsAndDictsAreEqualInAnyOrder(left: DanaValue, right: DanaValue, areEqual: Bool) {
        #expect((left == right) == areEqual)
        if areEqual { #expect(left.hashValue == right.hashValue) }
    }

    /// One in another, each level in another order: no level is looked at more often than the one around it.
    @Test func deepSetsAreComparedInOneGo() {
        var (left, right): (DanaValue, DanaValue) = (.set([1]), .set([1]))
        for _ in 0..<100 { (left, right) = (.set([left, 2]), .set([2, right])) }
        #expect(left == right)
    }
}
