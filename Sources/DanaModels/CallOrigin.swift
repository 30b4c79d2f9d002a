/// Who calls of models are made for, in whatever words the caller has: it comes back with the event of each call that is
/// made in the task.
public enum CallOrigin {
    @TaskLocal public static var current: (any Sendable)?
}
