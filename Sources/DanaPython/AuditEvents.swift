import Dana
import PythonBridge

/// Audit events on their way to Python.
enum AuditEvents {
    static func tell(_ callback: PythonObject, _ event: AuditEvent) {
        callback.callUnraisably { py throws(PythonError) in
            let row = try py.builtin("dict").call(py)
            try row.setItem("kind", event.kind.rawValue, py)
            try row.setItem("context", Int(clamping: event.context), py)
            try row.setItem("subject", event.subject, py)
            try row.setItem("detail", event.detail, py)
            try row.setItem("place", event.place, py)
            try row.setItem("function", event.function, py)
            try row.setItem("time", Int(clamping: event.time), py)
            _ = try callback.call(row, py: py)
        }
    }
}
