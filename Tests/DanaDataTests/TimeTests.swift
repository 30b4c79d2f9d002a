import DanaData
import Testing
import ValueGenerator

/// Dates, times, spans of time and time zones.
struct TimeTests {
    @Test func datesAreThoseOfTheCalendar() {
        #expect(CalendarDate(year: 2024, month: 2, day: 29)?.description == "2024-02-29")
        #expect(CalendarDate(year: 1, month: 1, day: 1)?.description == "0001-01-01")
        #expect(CalendarDate(year: 9999, month: 12, day: 31)?.description == "9999-12-31")
        for (year, month, day) in [
            (2023, 2, 29), (1900, 2, 29), (0, 1, 1), (10000, 1, 1), (2024, 0, 1), (2024, 13, 1), (2024, 4, 31),
            (2024, 1, 0),
            (.min, .min, .min), (.max, .max, .max),
        ] {
            #expect(CalendarDate(year: year, month: month, day: day) == nil)
        }
        #expect(CalendarDate(year: 2000, month: 2, day: 29) != nil)
    }

    @Test func timesHaveTheirRanges() {
        #expect(
            ClockTime(hour: 23, minute: 59, second: 59, microsecond: 999_999, fold: 1)?.description == "23:59:59.999999"
        )
        #expect(ClockTime(hour: 0)?.description == "00:00:00")
        for (hour, minute, second, microsecond, fold) in [
            (24, 0, 0, 0, 0), (-1, 0, 0, 0, 0), (0, 60, 0, 0, 0), (0, 0, 60, 0, 0), (0, 0, 0, 1_000_000, 0),
            (0, 0, 0, 0, 2),
            (.max, .max, .max, .max, .max), (0, 0, 0, .min, 0),
        ] {
            #expect(
                ClockTime(hour: hour, minute: minute, second: second, microsecond: microsecond, fold: fold) == nil)
        }
    }

    @Test func deltasAreNormalised() {
        let cases: [(TimeDelta?, String)] = [
            (TimeDelta(microseconds: -1), "-1 day, 23:59:59.999999"), (TimeDelta(seconds: 86_400), "1 day, 0:00:00"),
            (TimeDelta(days: 1, seconds: -86_400), "0:00:00"), (TimeDelta(days: -2, seconds: 5), "-2 days, 0:00:05"),
            (TimeDelta(days: 999_999_999, seconds: 86_399, microseconds: 999_999), "999999999 days, 23:59:59.999999"),
            (TimeDelta(days: -999_999_999), "-999999999 days, 0:00:00"),
        ]
        for (delta, text) in cases { #expect(delta?.description == text) }
        #expect(TimeDelta(days: 999_999_999, seconds: 86_400) == nil)
        #expect(TimeDelta(days: -999_999_999, microseconds: -1) == nil)
        #expect(TimeDelta(days: .max, seconds: .max, microseconds: .max) == nil)
        #expect(TimeDelta(days: .min, seconds: .min, microseconds: .min) == nil)
    }

    @Test func deltasAndDurations() {
        for delta in [
            TimeDelta.zero, TimeDelta(microseconds: -1), TimeDelta(days: -999_999_999),
            TimeDelta(days: 999_999_999, seconds: 86_399, microseconds: 999_999),
            TimeDelta(seconds: 1, microseconds: 500_000),
        ] {
            #expect(delta != nil)
            #expect(delta.flatMap { TimeDelta(exactly: Duration($0)) } == delta)
        }
        #expect(TimeDelta(exactly: .milliseconds(-1500)) == TimeDelta(seconds: -2, microseconds: 500_000))
        #expect(TimeDelta(exactly: .nanoseconds(1)) == nil)
        #expect(TimeDelta(exactly: .seconds(Int64.max)) == nil)
        #expect(TimeDelta(exactly: .seconds(Int64.min)) == nil)
    }

    @Test func zones() throws {
        let day = try #require(TimeDelta(days: 1))
        let almost = try #require(TimeDelta(seconds: 86_399, microseconds: 999_999))
        let west = try #require(TimeDelta(seconds: -5 * 3600 - 1800))
        #expect(TimeZoneOffset(offset: day) == nil)
        #expect(TimeDelta(days: -1).flatMap { TimeZoneOffset(offset: $0) } == nil)
        #expect(TimeZoneOffset(offset: almost)?.description == "+23:59:59.999999")
        #expect(TimeZoneOffset(offset: west, name: "X")?.description == "-05:30")
        #expect(TimeZoneOffset.utc.description == "+00:00")
        #expect(TimeZoneOffset(key: "") == nil)
        #expect(TimeZoneOffset(key: "Europe/Zurich")?.offset == nil)
        #expect(TimeDelta(days: -1, microseconds: 1).flatMap { TimeZoneOffset(offset: $0) } != nil)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func everythingOnTheTape(seed: UInt64) throws {
        var generator = Generator(seed: seed)
        for round in 0..<50 {
            let note: Comment = "seed \(seed), round \(round)"
            let date = try #require(
                CalendarDate(
                    year: .random(in: 1...9999, using: &generator), month: .random(in: 1...12, using: &generator),
                    day: .random(in: 1...28, using: &generator)))
            let delta = try #require(
                TimeDelta(
                    days: .random(in: -999_999_999...999_999_998, using: &generator),
                    seconds: .random(in: 0...86_400, using: &generator),
                    microseconds: .random(in: 0...999_999, using: &generator)))
            let offset = try #require(
                TimeDelta(microseconds: .random(in: -86_399_999_999...86_399_999_999, using: &generator)))
            let zones = [
                nil, TimeZoneOffset.utc, TimeZoneOffset(offset: offset),
                TimeZoneOffset(offset: offset, name: generator.text()),
                TimeZoneOffset(key: "Europe/Zurich"),
            ]
            var builder = TapeBuilder(minimumCapacity: 1)
            builder.beginList()
            var moments: [DateTime] = []
            for zone in zones {
                let time = try #require(
                    ClockTime(
                        hour: .random(in: 0...23, using: &generator), minute: .random(in: 0...59, using: &generator),
                        second: .random(in: 0...59, using: &generator),
                        microsecond: .random(in: 0...999_999, using: &generator),
                        fold: .random(in: 0...1, using: &generator), zone: zone))
                moments.append(DateTime(date: date, time: time))
                builder.append(time)
                builder.append(DateTime(date: date, time: time))
                if let zone { builder.append(zone) }
            }
            builder.append(date)
            builder.append(delta)
            builder.end()
            let tape = builder.finish()
            #expect(tape.root.count == 16, note)
            var cursor = tape.cursor()
            _ = cursor.enter()
            for moment in moments {
                #expect(cursor.value.time == moment.time, note)
                cursor.skip()
                #expect(cursor.readDateTime() == moment, note)
                if let zone = moment.time.zone { #expect(cursor.readTimeZone() == zone, note) }
            }
            #expect(cursor.readDate() == date, note)
            #expect(cursor.readTimeDelta() == delta, note)
            #expect(cursor.isAtEnd, note)
            #expect(tape.root.array?.reversed().first?.timeDelta == delta, note)
        }
    }

    @Test func isoText() {
        let zone = TimeDelta(seconds: 7200).flatMap { TimeZoneOffset(offset: $0) }
        let moment = CalendarDate(year: 2024, month: 2, day: 29).flatMap { date in
            ClockTime(hour: 9, minute: 30, microsecond: 250_000, zone: zone).map { DateTime(date: date, time: $0) }
        }
        #expect(moment?.description == "2024-02-29T09:30:00.250000+02:00")
    }
}
