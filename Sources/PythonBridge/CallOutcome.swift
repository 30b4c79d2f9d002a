/// What the Swift function of a ``PendingCall`` ended with.
enum CallOutcome {
    /// A reference that the outcome owns.
    case value(PyRef)
    case cancelled
    case error(PythonError)
}
