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

    /// How long an app at `port` may have this port before its own port is missed; nil if it is not one of these ports.
    package func patience(with listener: Listener, before port: UInt16) -> Duration? {
        switch self {
        case .none: nil
        case .loopback: listener.isLoopback ? .seconds(20) : nil
        case .above: listener.port > port && listener.port - port <= 100 ? .seconds(40) : nil
        case .any: .seconds(40)
        }
    }

    /// Whether an app at `port` may open this port first.
    package func has(_ listener: Listener, before port: UInt16) -> Bool {
        patience(with: listener, before: port) != nil
    }
}
