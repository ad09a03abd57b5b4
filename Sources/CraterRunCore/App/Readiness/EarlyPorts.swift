/// The ports for its own use that an app may open long before the port of its rule.
package enum EarlyPorts: Equatable, Sendable {
    /// None that are known.
    case none
    /// Ports on the loopback address, as TensorBoard opens for its data server.
    case loopback
    /// The next ports above the rule's, on any address, as Gradio opens for Python behind its Node server.
    case above
    /// Any ports on any address, as Ray opens for the nodes of its cluster before its dashboard.
    case any

    /// Whether an app at `port` may open this port first.
    package func has(_ listener: Listener, before port: UInt16) -> Bool {
        switch self {
        case .none: false
        case .loopback: listener.isLoopback
        case .above: listener.port > port && listener.port - port <= 100
        case .any: true
        }
    }

    /// How long an app may have such ports before its own port is missed.
    package var patience: Duration { [.above, .any].contains(self) ? .seconds(40) : .seconds(20) }
}
