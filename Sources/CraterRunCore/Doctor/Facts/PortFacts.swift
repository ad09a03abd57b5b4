/// What was found at a port.
package struct PortFacts: Equatable, Sendable {
    /// Whether an app that wants the port would be refused.
    package let isTaken: Bool
    /// Why the port is taken although nobody listens there, for a person; nil if somebody may listen.
    package let connections: String?
    /// The outcome of a GET of the app's readiness path under the prefix; nil if no request was made.
    package let underPrefix: CheckOutcome?
    /// The same without the prefix; nil if no request was made.
    package let atRoot: CheckOutcome?
    /// The Location header of the response under the prefix, as the app wrote it.
    package let location: String?
    /// The address at which the requests were made.
    package let address: HostAddress

    package init(
        isTaken: Bool, connections: String? = nil, underPrefix: CheckOutcome? = nil, atRoot: CheckOutcome? = nil,
        location: String? = nil,
        address: HostAddress = .loopback
    ) {
        self.isTaken = isTaken
        self.connections = connections
        self.underPrefix = underPrefix
        self.atRoot = atRoot
        self.location = location
        self.address = address
    }
}
