import Testing

@testable import Dana

/// What is kept of many values, and what goes.
@Suite struct RecentlyUsedTests {
    @Test func theLeastRecentlyUsedGo() {
        var kept = RecentlyUsed<Int, String>(limit: 3)
        for key in 1...3 { kept.set("\(key)", for: key, weight: 1) }
        #expect(kept.value(for: 1) == "1")
        kept.set("4", for: 4, weight: 1)
        #expect((1...4).map { kept.value(for: $0) } == ["1", nil, "3", "4"])
        kept.set("one", for: 1, weight: 2)
        #expect((1...4).map { kept.value(for: $0) } == ["one", nil, nil, "4"])
        kept.set("all", for: 5, weight: 9)
        #expect(kept.count == 1)
        #expect(kept.value(for: 5) == "all")
        kept.set("6", for: 6, weight: 1)
        #expect((1...6).map { kept.value(for: $0) } == [nil, nil, nil, nil, nil, "6"])
    }

    /// Beside a list that is searched from end to end.
    @Test func theOrderIsThatOfTheUses() {
        var random = SystemRandomNumberGenerator()
        var kept = RecentlyUsed<Int, Int>(limit: 40)
        var known: [(key: Int, value: Int, weight: Int)] = []
        for turn in 0..<20_000 {
            let key = Int.random(in: 0..<30, using: &random)
            let place = known.firstIndex { $0.key == key }
            if Bool.random(using: &random) {
                #expect(kept.value(for: key) == place.map { known[$0].value })
                if let place { known.append(known.remove(at: place)) }
            } else {
                let weight = Int.random(in: 1...9, using: &random)
                kept.set(turn, for: key, weight: weight)
                if let place { known.remove(at: place) }
                known.append((key, turn, weight))
                while known.count > 1, known.reduce(0, { $0 + $1.weight }) > 40 { known.removeFirst() }
            }
            #expect(kept.count == known.count)
        }
    }
}
