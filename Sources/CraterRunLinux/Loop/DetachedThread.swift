internal import Glibc

/// A thread that nobody waits for. The thread has our signal mask: if all signals are blocked when it is started, it
/// never takes a signal.
package enum DetachedThread {
    /// - Throws: ``SystemCallError`` if the host refuses another thread.
    package static func start(_ body: @escaping @Sendable () -> Void) throws(SystemCallError) {
        let argument = Unmanaged.passRetained(Body(run: body)).toOpaque()
        var thread = pthread_t()
        let number = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            argument
        )
        guard number == 0 else {
            Unmanaged<Body>.fromOpaque(argument).release()
            throw SystemCallError(call: "pthread_create", number: number)
        }
        pthread_detach(thread)
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }
}
