import Testing
import ValueGenerator

@testable import DanaLanguage

/// Searches: their places against a plain search, their steps against the sizes.
@Suite struct TextSearchTests {
    @Test(arguments: 0..<8 as Range<UInt64>)
    func placesAreThoseOfAPlainSearch(seed: UInt64) {
        var generator = Generator(seed: seed)
        for round in 0..<300 {
            let letters = UInt8.random(in: 1...3, using: &generator)
            func bytes(_ count: Int) -> [UInt8] {
                (0..<count).map { _ in UInt8.random(in: 97..<97 + letters, using: &generator) }
            }
            let haystack = bytes(Int.random(in: 0...400, using: &generator))
            var needle = bytes(Int.random(in: 1...24, using: &generator))
            if generator.chance(1, in: 2) { needle += needle + needle }
            let low = Int.random(in: 0...haystack.count, using: &generator)
            let high = Int.random(in: low...haystack.count, using: &generator)
            let places = (low...high).filter {
                $0 + needle.count <= high && Array(haystack[$0..<$0 + needle.count]) == needle
            }
            haystack.withView { haystack in
                needle.withView { needle in
                    let note: Comment = "seed \(seed), round \(round)"
                    #expect(TextSearch.first(needle, in: haystack, low..<high, charge: { _ in }) == places.first, note)
                    #expect(TextSearch.last(needle, in: haystack, low..<high, charge: { _ in }) == places.last, note)
                }
            }
        }
    }

    @Test(arguments: [false, true])
    func stepsGrowWithTheSizesAlone(isReversed: Bool) {
        let size = 4000
        let many = [UInt8](repeating: 97, count: size)
        let block = [97] + [UInt8](repeating: 98, count: 63)
        let blocks = (0..<size / 64).flatMap { _ in block }
        let needles: [[UInt8]] = [
            many.prefix(size / 2) + [98], [98] + many.prefix(size / 2),
            many.prefix(size / 4) + [98] + many.prefix(size / 4),
            blocks.prefix(size / 2) + [99], [99] + blocks.prefix(size / 2), many.prefix(5) + [98],
            [98] + many.prefix(5),
        ]
        for haystack in [many, blocks] {
            for needle in needles {
                let steps = haystack.withView { haystack in
                    needle.withView { needle in
                        var search = TextSearch(needle, isReversed: isReversed)
                        #expect(search.next(in: haystack, 0..<haystack.count) == nil)
                        return search.steps
                    }
                }
                #expect(steps <= 8 * (haystack.count + needle.count), "\(needle.count) in \(haystack.count)")
            }
        }
    }

    @Test func countingManyMatchesIsLinear() {
        let haystack = [UInt8](repeating: 97, count: 20_000)
        haystack.withView { haystack in
            haystack[0..<5].withSearch { search in
                var start = 0
                var count = 0
                while let place = search.next(in: haystack, start..<haystack.count) {
                    count += 1
                    start = place + 5
                }
                #expect(count == 4000)
                #expect(search.steps <= 2 * haystack.count)
            }
        }
    }
}

extension ByteView {
    fileprivate func withSearch(_ body: (inout TextSearch) -> Void) {
        var search = TextSearch(self)
        body(&search)
    }
}
