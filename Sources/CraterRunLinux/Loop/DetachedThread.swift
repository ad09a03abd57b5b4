internal import Glibc

/// A thread that nobody waits for. It has our signal mask: started after everything is blocked, it never takes a signal.
package enum DetachedThread {
    /// - Throws: ``SystemCallError`` where the host refuses one more.
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

/// Whether the host has something left, where a library would trap instead of saying that it has not.
package enum HostReserve {
    /// Whether so many descriptors can be opened now.
    package static func hasDescriptors(_ count: Int) -> Bool {
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        while opened.count < count {
            let copy = dup(StandardStream.error.rawValue)
            guard copy != -1 else { return false }
            opened.append(copy)
        }
        return true
    }

    /// What a call says that is refused for want of a descriptor.
    package static let noDescriptors = EMFILE

    /// Whether this errno says that the host does not have such addresses (IPv6 that is turned off).
    package static func isAddressUnavailable(_ number: Int32) -> Bool {
        [EAFNOSUPPORT, EADDRNOTAVAIL, EPROTONOSUPPORT].contains(number)
    }

    /// How many descriptors we may have open (getrlimit(2)).
    package static var descriptorLimit: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        return Int(clamping: limit.rlim_cur)
    }
}
