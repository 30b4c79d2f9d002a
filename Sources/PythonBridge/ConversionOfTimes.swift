import CPython
import DanaData

// Dates, times, spans of time and zones. Subclasses are accepted where one of these is asked for by type.

extension CalendarDate: FromPython, ToPython {
    public static var pythonTypeName: String { "date" }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> CalendarDate {
        guard try PlainTypes.isInstance(object, PlainTypes.date, py) else { throw .mismatch("date", object, py) }
        return try parts(of: PythonObject(borrowing: object, py), py)
    }

    fileprivate static func parts(of object: PythonObject, _ py: borrowing Python) throws(PythonError) -> CalendarDate {
        let year = try object.int("year", py)
        let month = try object.int("month", py)
        guard let date = CalendarDate(year: year, month: month, day: try object.int("day", py)) else {
            throw .valueError("\(PythonText.represent(object.pointer, py)) is no day of the calendar")
        }
        return date
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        try PlainTypes.date.object(py).callInts([year, month, day], py).owned(py)
    }
}

extension ClockTime: FromPython, ToPython {
    public static var pythonTypeName: String { "time" }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> ClockTime {
        guard try PlainTypes.isInstance(object, PlainTypes.time, py) else { throw .mismatch("time", object, py) }
        guard let time = try plain(object, py) else { throw TimeZoneOffset.unknown(object, py) }
        return time
    }

    /// Nil when the zone is neither a fixed offset nor a `ZoneInfo` with a key.
    static func plain(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> ClockTime? {
        let object = PythonObject(borrowing: object, py)
        let zoneObject = try object.attribute("tzinfo", py)
        var zone: TimeZoneOffset?
        if zoneObject.pointer != py_none() {
            zone = try TimeZoneOffset.plain(zoneObject.pointer, py)
            if zone == nil { return nil }
        }
        let hour = try object.int("hour", py)
        let minute = try object.int("minute", py)
        let second = try object.int("second", py)
        let microsecond = try object.int("microsecond", py)
        return ClockTime(
            hour: hour, minute: minute, second: second, microsecond: microsecond, fold: try object.int("fold", py),
            zone: zone)
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let zone = PythonObject(owning: try zone.toPython(py))
        let made = try PlainTypes.time.object(py).callInts([hour, minute, second, microsecond], then: zone, py)
        return try made.folded(fold, py).owned(py)
    }
}

extension DateTime: FromPython, ToPython {
    public static var pythonTypeName: String { "datetime" }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> DateTime {
        guard try PlainTypes.isInstance(object, PlainTypes.dateTime, py) else {
            throw .mismatch("datetime", object, py)
        }
        guard let moment = try plain(object, py) else { throw TimeZoneOffset.unknown(object, py) }
        return moment
    }

    /// Nil when the zone is neither a fixed offset nor a `ZoneInfo` with a key.
    static func plain(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> DateTime? {
        guard let time = try ClockTime.plain(object, py) else { return nil }
        return DateTime(date: try CalendarDate.parts(of: PythonObject(borrowing: object, py), py), time: time)
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let zone = PythonObject(owning: try time.zone.toPython(py))
        let made = try PlainTypes.dateTime.object(py).callInts(
            [date.year, date.month, date.day, time.hour, time.minute, time.second, time.microsecond], then: zone, py)
        return try made.folded(time.fold, py).owned(py)
    }
}

extension TimeDelta: FromPython, ToPython {
    public static var pythonTypeName: String { "timedelta" }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> TimeDelta {
        guard try PlainTypes.isInstance(object, PlainTypes.timeDelta, py) else {
            throw .mismatch("timedelta", object, py)
        }
        let object = PythonObject(borrowing: object, py)
        let days = try object.int("days", py)
        let seconds = try object.int("seconds", py)
        let delta = TimeDelta(days: days, seconds: seconds, microseconds: try object.int("microseconds", py))
        guard let delta else { throw .valueError("\(PythonText.represent(object.pointer, py)) is out of range") }
        return delta
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        try PlainTypes.timeDelta.object(py).callInts([days, seconds, microseconds], py).owned(py)
    }
}

extension Duration: FromPython, ToPython {
    public static var pythonTypeName: String { "timedelta" }

    /// A timedelta; a plain number is refused, because it does not say its unit.
    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Duration {
        Duration(try TimeDelta.fromPython(object, py))
    }

    /// A timedelta. A duration that is no whole number of microseconds, or beyond the range, is refused.
    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        guard let delta = TimeDelta(exactly: self) else {
            throw .valueError("\(self) is no timedelta: it must be whole microseconds, below a thousand million days")
        }
        return try delta.toPython(py)
    }
}

extension TimeZoneOffset: FromPython, ToPython {
    public static var pythonTypeName: String { "timezone" }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> TimeZoneOffset {
        guard let zone = try plain(object, py) else { throw .mismatch("timezone or ZoneInfo", object, py) }
        return zone
    }

    static func unknown(_ object: PyRef, _ py: borrowing Python) -> PythonError {
        .typeError(
            "the tzinfo of \(PythonText.represent(object, py)) must be a datetime.timezone or a ZoneInfo with a key")
    }

    /// Nil for any `tzinfo` but a fixed offset and a `ZoneInfo` with a key.
    static func plain(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> TimeZoneOffset? {
        let zone = PythonObject(borrowing: object, py)
        if py_type(object) == (try PlainTypes.timeZone.object(py).pointer) {
            let parts = try zone.attribute("__getinitargs__", py).call(py)
            guard py_is_exact_tuple(parts.pointer) != 0, py_tuple_size(parts.pointer) > 0,
                let offset = py_tuple_get(parts.pointer, 0)
            else { return nil }
            let delta = try TimeDelta.fromPython(offset, py)
            guard py_tuple_size(parts.pointer) > 1 else { return TimeZoneOffset(offset: delta) }
            guard let name = py_tuple_get(parts.pointer, 1), let text = PythonText.string(name) else {
                PyErr_Clear()
                return nil
            }
            return TimeZoneOffset(offset: delta, name: text)
        }
        guard try PlainTypes.zoneInfo.isExactly(py_type(object), py) else { return nil }
        let key = try zone.attribute("key", py)
        return key.pointer == py_none() ? nil : TimeZoneOffset(key: try String.fromPython(key.pointer, py))
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        if let key {
            let key = PythonObject(owning: try key.toPython(py))
            return try PlainTypes.zoneInfo.object(py).call(key, py: py).owned(py)
        }
        var arguments = [PythonObject(owning: try (offset ?? .zero).toPython(py))]
        if let name { arguments.append(PythonObject(owning: try name.toPython(py))) }
        return try PlainTypes.timeZone.object(py).call(arguments, py).owned(py)
    }
}

extension PythonObject {
    fileprivate func int(_ name: StaticString, _ py: borrowing Python) throws(PythonError) -> Int {
        try attribute("\(name)", as: Int.self, py)
    }

    fileprivate func callInts(
        _ values: [Int], then last: PythonObject? = nil, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        var arguments: [PythonObject] = []
        for value in values { arguments.append(PythonObject(owning: try value.toPython(py))) }
        if let last { arguments.append(last) }
        return try call(arguments, py)
    }

    /// The same time as the second of two equal readings.
    fileprivate func folded(_ fold: Int, _ py: borrowing Python) throws(PythonError) -> PythonObject {
        guard fold != 0 else { return self }
        let one = PythonObject(owning: try fold.toPython(py))
        let replace = try attribute("replace", py)
        guard let made = py_call_named(replace.pointer, "fold", one.pointer) else { throw .taken(py) }
        return PythonObject(owning: made)
    }
}
