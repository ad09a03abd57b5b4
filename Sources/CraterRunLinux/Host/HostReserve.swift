internal import Glibc

/// Checks the host's limits before calls to a library that would trap if a limit is reached.
package enum HostReserve {
    /// Whether this many descriptors can be opened now.
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

    /// The errno of a call that fails because no descriptor is left.
    package static let noDescriptors = EMFILE

    /// Whether this errno means that the host has no addresses of that family (IPv6 is turned off).
    package static func isAddressUnavailable(_ number: Int32) -> Bool {
        [EAFNOSUPPORT, EADDRNOTAVAIL, EPROTONOSUPPORT].contains(number)
    }

    /// How many descriptors we may have open (getrlimit(2)).
    package static var descriptorLimit: Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        return Int(clamping: limit.rlim_cur)
    }

    /// Raises the limit of open descriptors towards `wanted`, as far as the hard limit allows. Never lowers it.
    package static func raiseDescriptorLimit(to wanted: Int) {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < rlim_t(clamping: wanted) else { return }
        limit.rlim_cur = min(rlim_t(clamping: wanted), limit.rlim_max)
        _ = setrlimit(resource, &limit)
    }
}
