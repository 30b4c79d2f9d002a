/// Which library runs the loop: they differ in how a task waits and is woken.
enum LoopKind: Sendable {
    case asyncio
    case trio(TrioLoop, PythonObject)
}
