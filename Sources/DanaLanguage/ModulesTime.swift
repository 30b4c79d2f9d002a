/// The module `time`, which a context must be granted: what the clocks read that the host shows.
enum ModulesTime {
    static let module = NativeCatalogue.Module(
        name: "time",
        functions: [
            seconds("time", .sinceEpoch, "Seconds since 1970, in UTC."),
            seconds("monotonic", .elapsed, "Seconds from a fixed moment; the clock never goes back."),
            seconds("perf_counter", .elapsed, "Seconds from a fixed moment, for measuring."),
            nanoseconds("time_ns", .sinceEpoch, "Nanoseconds since 1970, in UTC."),
            nanoseconds("monotonic_ns", .elapsed, "Nanoseconds from a fixed moment."),
            nanoseconds("perf_counter_ns", .elapsed, "Nanoseconds from a fixed moment, for measuring."),
        ], hostFunctions: ["_sleep"], prelude: SourceText(prelude, name: SourceText.preludePrefix + " time>"),
        capability: "clock")

    private static let prelude = #"""
        def sleep(seconds):
            """Waits for so many seconds; what runs side by side goes on meanwhile."""
            if not isinstance(seconds, (int, float)):
                raise TypeError(f"time.sleep() expects int or float at argument 'seconds', got {_type_name(seconds)}")
            if not 0 <= seconds < 1e9:
                raise ValueError("sleep length must be non-negative" if seconds < 0 else "sleep length is too large")
            _sleep(float(seconds))

        """#

    private static func seconds(_ name: String, _ dial: ProgramTime.Dial, _ documentation: String) -> NativeFunction {
        NativeFunction("time." + name, [], documentation) { call throws(DanaError) in
            try call.heap.float(call.heap.state.pointee.time.seconds(dial))
        }
    }

    private static func nanoseconds(_ name: String, _ dial: ProgramTime.Dial, _ documentation: String)
        -> NativeFunction
    {
        NativeFunction("time." + name, [], documentation) { call throws(DanaError) in
            try call.heap.integer(call.heap.state.pointee.time.nanoseconds(dial))
        }
    }
}
