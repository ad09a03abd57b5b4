import CraterRunLinux

/// Runs a body on a thread of its own.
func onThread(_ body: @escaping @Sendable () -> Void) throws { try DetachedThread.start(body) }
