/// That the kernel has killed a process because memory had run out.
package struct OutOfMemoryKill: Equatable, Sendable {
    /// Which memory that was.
    package enum Place: Equatable, Sendable {
        /// What the container may use, in bytes.
        case limit(UInt64)
        /// The Pod's, or the node's: the container had not come to its limit.
        case outside
        case unknown
    }

    package let place: Place

    package init(_ place: Place) {
        self.place = place
    }

    /// Why, for a person: follows "was killed by SIGKILL".
    package var cause: String {
        let reason =
            switch place {
            case .limit(let bytes): "the container's memory limit of \(ByteCount.describe(bytes)) was reached"
            case .outside: "the Pod's or the node's memory had run out"
            case .unknown: "memory had run out"
            }
        return "the kernel's OOM killer: \(reason)"
    }
}
