import CraterRunLinux

/// The process with the role *door*, a child of the supervisor: accepts connections at the sockets that the supervisor
/// hands over, and nothing else. It may be killed at any time: the supervisor holds the sockets and starts another.
package enum DoorProcess {
    /// Runs the door until its supervisor closes the link, or ends: the process ends at once then.
    ///
    /// - Parameter link: a connected UNIX stream socket, whose other end is the supervisor's.
    /// - Returns: the exit code, and only on failure.
    package static func run(link: Int32) -> Int32 {
        HostReserve.raiseDescriptorLimit(to: 2 * DoorLimits.clients + DoorLimits.otherDescriptors)
        // NIO traps if it cannot open the descriptors that its event loop needs.
        guard HostReserve.hasDescriptors(16) else { return 1 }
        DoorLoop.run(
            DoorLoop.Start(link: link, descriptors: HostReserve.descriptorLimit) { reason in
                ThisProcess.end(reason == nil ? 0 : 1)
            })
        return 1
    }
}
