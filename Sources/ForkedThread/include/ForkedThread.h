// Lets a forked child's only thread go by its own number.
//
// Swift's locks hand their thread's number to the kernel and remember it thread by thread, for ever: in a child, the
// thread that forked would go on by the parent's number, and the first contended lock would end the process. This puts the
// new number where Swift remembers the old one, in the thread-local storage of this library and of Swift's own.
// To be called once, before any fork.
void danaRenumberForkedThreads(void);
