/// How the task that awaits a call is made to wait and is woken, in its library's own terms.
protocol WakeUp: AnyObject {
    /// Wakes the task; false when its step raised what ends the loop.
    func wake(_ py: borrowing Python) -> Bool

    /// There will be no waking: the loop has closed.
    func forget()
}

extension WakeUp {
    func forget() {}
}
