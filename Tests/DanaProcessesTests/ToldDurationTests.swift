import DanaSystem
import Testing

/// Spans of time as messages tell them.
@Suite struct ToldDurationTests {
    @Test(arguments: [
        (Duration.seconds(60), "60 s"), (.nanoseconds(59_989_501_311), "60 s"), (.nanoseconds(999_935_804), "1 s"),
        (.nanoseconds(299_967_402), "0.3 s"), (.milliseconds(1500), "1.5 s"), (.milliseconds(1), "0.001 s"),
        (.zero, "0 s"), (.seconds(3_600), "3600 s"), (.seconds(-2), "-2 s"),
        (.seconds(Int64.max), "9.223372036854776e+18 s"),
    ])
    func spansAreRounded(duration: Duration, told: String) {
        #expect(duration.told == told)
    }
}
