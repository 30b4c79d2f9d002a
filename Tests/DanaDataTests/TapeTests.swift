import DanaData
import Testing

/// A tape, its builder, its cursor and its values.
struct TapeTests {
    private func tape(_ build: (inout TapeBuilder) -> Void) -> Tape {
        var builder = TapeBuilder()
        build(&builder)
        return builder.finish()
    }

    @Test func kindsAreRepresentedByTheirRawValues() {
        for kind in TapeKind.allCases {
            #expect(unsafe unsafeBitCast(kind, to: UInt8.self) == kind.rawValue)
        }
        #expect(TapeKind.allCases.map { Int($0.rawValue) } == Array(0..<TapeKind.allCases.count))
    }

    @Test(arguments: [0, 1, -1, 1 << 54, 1 << 55, 1 << 55 - 1, -(1 << 55), -(1 << 55) - 1, .max, .min] as [Int64])
    func intsOfAnySize(_ value: Int64) {
        let tape = tape { $0.appendInt(value) }
        #expect(tape.root.kind == .int)
        #expect(tape.root.int == value)
        var cursor = tape.cursor()
        #expect(cursor.readInt() == value)
        #expect(cursor.isAtEnd)
    }

    @Test(arguments: [0, -0.0, 1.5, .infinity, -.infinity, .nan, .signalingNaN, .leastNonzeroMagnitude] as [Double])
    func doublesKeepTheirBits(_ value: Double) {
        #expect(tape { $0.appendDouble(value) }.root.double?.bitPattern == value.bitPattern)
    }

    @Test func scalars() {
        #expect(tape { $0.appendNull() }.root.isNull)
        #expect(tape { $0.appendBool(true) }.root.bool == true)
        #expect(tape { $0.appendBool(false) }.root.bool == false)
        #expect(tape { $0.appendOpaque(index: .max) }.root.opaque == .max)
        #expect(tape { $0.appendInt(1) }.root.bool == nil)
        #expect(tape { $0.appendInt(1) }.root.double == nil)
    }

    @Test(arguments: Array(0...40) + [255, 256, 65_535, 65_536, 1 << 20])
    func stringsOfAnyLength(_ length: Int) {
        let text = String(repeating: "x", count: length)
        let marked = text + "é"
        let tape = tape {
            $0.beginTuple()
            $0.appendString(text)
            $0.appendString(marked)
            $0.appendInt(7)
            $0.end()
        }
        var cursor = tape.cursor()
        #expect(cursor.enter() == 3)
        #expect(cursor.isASCII)
        #expect(cursor.readString() == text)
        #expect(!cursor.isASCII)
        #expect(cursor.readString() == marked)
        #expect(cursor.readInt() == 7)
        #expect(cursor.isAtEnd)
        #expect(tape.root[0]?.count == length)
    }

    @Test func stringsBeyondTwentyFourBitsAreWhole() {
        let bytes = [UInt8](repeating: 97, count: 1 << 24 + 5)
        let tape = tape { builder in
            bytes.withUnsafeBytes { bytes in builder.appendBytes(bytes) }
        }
        #expect(tape.root.count == bytes.count)
        #expect(tape.root.bytes == bytes)
    }

    @Test func bytesAndSurrogatesAreKeptAsTheyStand() {
        let lone: [UInt8] = [0x61, 0xed, 0xa0, 0x80]
        let tape = tape { builder in
            builder.beginList()
            lone.withUnsafeBytes { bytes in
                builder.appendSurrogateString(wtf8: bytes)
                builder.appendBytes(bytes)
                builder.appendByteArray(bytes)
                builder.appendPath(utf8: bytes, hasSurrogates: true)
            }
            builder.end()
        }
        var cursor = tape.cursor()
        #expect(cursor.enter() == 4)
        for kind in [TapeKind.surrogateString, .bytes, .byteArray, .path] {
            #expect(cursor.kind == kind)
            #expect(cursor.hasSurrogates == (kind == .surrogateString || kind == .path))
            #expect(cursor.readBytes { Array($0) } == lone)
        }
        #expect(tape.root[0]?.string == nil)
        #expect(tape.root[2]?.bytes == lone)
    }

    @Test func containersCountWhatIsInThem() {
        let tape = tape {
            $0.beginDict()
            $0.appendString("items")
            $0.beginList()
            for index in 0..<3 as Range<Int64> { $0.appendInt(index) }
            $0.end()
            $0.appendString("empty")
            $0.beginSet()
            $0.end()
            $0.appendInt(5)
            $0.beginRange()
            for index in [0, 10, 2] as [Int64] { $0.appendInt(index) }
            $0.end()
            $0.end()
        }
        let root = tape.root
        #expect(root.count == 3)
        #expect(root["items"]?.count == 3)
        #expect(root["items"]?.array?.map { $0.int } == [0, 1, 2])
        #expect(root["items"]?[2]?.int == 2)
        #expect(root["items"]?[3] == nil)
        #expect(root["items"]?[-1] == nil)
        #expect(root["empty"]?.count == 0)
        #expect(root["missing"] == nil)
        #expect(root.pairs?.map { $0.key.kind } == [.string, .string, .int])
        #expect("\(root)" == #"{"items": [0, 1, 2], "empty": set{}, 5: range(0, 10, 2)}"#)
    }

    @Test func recordsAndEnumCases() {
        let tape = tape {
            $0.beginRecord()
            $0.appendString("Point")
            $0.appendString("x")
            $0.appendInt(1)
            $0.appendString("kind")
            $0.beginEnumCase()
            $0.appendOpaque(index: 3)
            $0.appendString("red")
            $0.appendInt(0)
            $0.end()
            $0.end()
        }
        #expect(tape.root.count == 2)
        #expect(tape.root["x"]?.int == 1)
        #expect(tape.root["kind"]?.parts.map(\.kind) == [.opaque, .string, .int])
        var cursor = tape.cursor()
        #expect(cursor.enter() == 2)
        #expect(cursor.readString() == "Point")
        #expect("\(tape)" == #"record("Point", "x"=1, "kind"=enum(<opaque 3>, "red", 0))"#)
    }

    @Test func theLastOfEqualKeysCounts() {
        let tape = tape {
            $0.beginDict()
            for value in [1, 2] as [Int64] {
                $0.appendString("k")
                $0.appendInt(value)
            }
            $0.end()
        }
        #expect(tape.root.count == 2)
        #expect(tape.root["k"]?.int == 2)
    }

    @Test func equalityIsByValueAndPlaceIndependent() {
        let inner = tape {
            $0.beginList()
            $0.appendDouble(.nan)
            $0.appendString("long enough for two words")
            $0.end()
        }
        let outer = tape { builder in
            builder.beginTuple()
            builder.append(inner.root)
            builder.append(inner.root)
            builder.appendNull()
            builder.end()
        }
        #expect(outer.root[0] == inner.root)
        #expect(outer.root[0] == outer.root[1])
        #expect(outer.root[0]?.hashValue == inner.root.hashValue)
        #expect(outer.root[1] != outer.root[2])
        #expect(tape { $0.appendDouble(0.0) } != tape { $0.appendDouble(-0.0) })
        #expect(tape { $0.appendInt(1) } != tape { $0.appendBool(true) })
    }

    @Test func depthIsNoDanger() {
        let depth = 100_000
        let tape = tape { builder in
            for _ in 0..<depth { builder.beginList() }
            builder.appendInt(1)
            for _ in 0..<depth { builder.end() }
        }
        var cursor = tape.cursor()
        for _ in 0..<depth { #expect(cursor.enter() == 1) }
        #expect(cursor.readInt() == 1)
        #expect(cursor.isAtEnd)
        #expect(tape.root.description.hasSuffix("..."))
        #expect(tape == tape)
        cursor = tape.cursor()
        cursor.skip()
        #expect(cursor.isAtEnd)
    }

    @Test func abandonedBuildersAndSharedTapes() async {
        do {
            var builder = TapeBuilder()
            builder.beginList()
            builder.appendString("dropped half-way")
        }
        let value = tape {
            $0.beginList()
            $0.appendInt(42)
            $0.end()
        }.root[0]
        let seen = await Task.detached { value?.int }.value
        #expect(seen == 42)
    }

    @Test func aMillionElements() {
        let tape = tape { builder in
            builder.beginList()
            for index in 0..<1_000_000 { builder.appendInt(Int64(index)) }
            builder.end()
        }
        var cursor = tape.cursor()
        var sum: Int64 = 0
        for _ in 0..<cursor.enter() { sum += cursor.readInt() }
        #expect(sum == 499_999_500_000)
        #expect(cursor.isAtEnd)
    }

    @Test func everyKindIsSkippedCopiedAndDescribed() throws {
        let tape = tape { builder in
            builder.beginList()
            builder.appendNull()
            builder.appendBool(true)
            builder.appendInt(.min)
            builder.appendDouble(1.5)
            builder.appendString("s")
            builder.append(Complex(real: 1, imaginary: 2))
            builder.append(BigInteger(isNegative: true, magnitude: [0, 1]))
            if let value = Decimal("1.50") { builder.append(value) }
            if let value = Fraction(numerator: BigInteger(1), denominator: BigInteger(3)) { builder.append(value) }
            if let value = CalendarDate(year: 2024, month: 2, day: 29) {
                builder.append(value)
                if let time = ClockTime(hour: 9, zone: .utc) {
                    builder.append(time)
                    builder.append(DateTime(date: value, time: time))
                }
            }
            if let value = TimeDelta(days: -1) { builder.append(value) }
            builder.append(TimeZoneOffset.utc)
            builder.append(UniqueIdentifier(high: 0, low: 1))
            builder.append(PathText("/a"))
            builder.appendOpaque(index: 9)
            builder.end()
        }
        let text = """
            [None, True, -9223372036854775808, 1.5, "s", (1.0+2.0j), -18446744073709551616, 1.50, Fraction(1, 3), \
            2024-02-29, 09:00:00+00:00, 2024-02-29T09:00:00+00:00, -1 day, 0:00:00, timezone(0:00:00), \
            00000000-0000-0000-0000-000000000001, Path("/a"), <opaque 9>]
            """
        #expect("\(tape)" == text)
        let parts = try #require(tape.root.array)
        for part in parts {
            let copy = self.tape { builder in builder.append(part) }
            #expect(copy.root == part)
            var cursor = copy.cursor()
            cursor.skip()
            #expect(cursor.isAtEnd, "\(part)")
        }
    }
}
