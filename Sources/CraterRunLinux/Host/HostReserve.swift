internal import Glibc

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
