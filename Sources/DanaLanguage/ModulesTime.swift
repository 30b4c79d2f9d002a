import Glibc

/// The module `time`, which a context must be granted: what the clocks read.
enum ModulesTime {
    static let module = NativeCatalogue.Module(
        name: "time",
        functions: [
            clock("time", CLOCK_REALTIME, "Seconds since 1970, in UTC."),
            clock("monotonic", CLOCK_MONOTONIC, "Seconds from a fixed moment; the clock never goes back."),
            clock("perf_counter", CLOCK_MONOTONIC, "Seconds from a fixed moment, for measuring."),
            nanoseconds("time_ns", CLOCK_REALTIME, "Nanoseconds since 1970, in UTC."),
            nanoseconds("monotonic_ns", CLOCK_MONOTONIC, "Nanoseconds from a fixed moment."),
            nanoseconds("perf_counter_ns", CLOCK_MONOTONIC, "Nanoseconds from a fixed moment, for measuring."),
        ], hostFunctions: ["_sleep"], prelude: SourceText(prelude, name: SourceText.preludePrefix + " time>"),
        capability: "time")

    private static let prelude = #"""
        def sleep(seconds):
            """Waits for so many seconds; what runs side by side goes on meanwhile."""
            if not isinstance(seconds, (int, float)):
                raise TypeError(f"time.sleep() expects int or float at argument 'seconds', got {_type_name(seconds)}")
            if not 0 <= seconds < 1e9:
                raise ValueError("sleep length must be non-negative" if seconds < 0 else "sleep length is too large")
            _sleep(float(seconds))

        """#

    private static func read(_ clock: Int32) -> timespec {
        var reading = timespec()
        clock_gettime(clock, &reading)
        return reading
    }

    private static func clock(_ name: String, _ clock: Int32, _ documentation: String) -> NativeFunction {
        NativeFunction("time." + name, [], documentation) { call throws(DanaError) in
            let reading = read(clock)
            return try call.heap.float(Double(reading.tv_sec) + Double(reading.tv_nsec) / 1e9)
        }
    }

    private static func nanoseconds(_ name: String, _ clock: Int32, _ documentation: String) -> NativeFunction {
        NativeFunction("time." + name, [], documentation) { call throws(DanaError) in
            let reading = read(clock)
            return try call.heap.integer(reading.tv_sec &* 1_000_000_000 &+ reading.tv_nsec)
        }
    }
}
