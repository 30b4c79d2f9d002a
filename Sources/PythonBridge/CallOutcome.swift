/// What the Swift function of a ``PendingCall`` ended with.
enum CallOutcome {
    /// A reference that the outcome owns.
    case value(PyRef)
    /// With the error that says so, where Swift had one of its own.
    case cancelled((any PythonRaisable)?)
    case error(PythonError)
}
