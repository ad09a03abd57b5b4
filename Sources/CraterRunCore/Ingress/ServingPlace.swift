/// The two addresses of an app that is served: the one outside, and the one that the app itself has.
///
/// Without a front door the ingress forwards requests to the app directly, so the port and the prefix of both are equal.
/// With one, the door listens at the port outside, and the app at a port or a UNIX socket of its own.
package struct ServingPlace: Hashable, Sendable {
    /// The address outside: the rule whose port the ingress forwards to, and whose URL a person opens.
    package let outside: IngressRule
    /// The address of the app.
    package let backend: Backend
    /// The key of the front door's login, if the links to the app are to have it. It is in no description.
    package var key: LoginKey?

    package init(outside: IngressRule, backend: Backend) {
        self.outside = outside
        self.backend = backend
    }

    /// - Parameter rule: the app listens at the rule's own port, below the rule's own prefix.
    package init(direct rule: IngressRule) {
        outside = rule
        backend = Backend(ruleName: rule.name, port: rule.port, prefix: rule.prefix)
    }

    /// An app behind the front door.
    ///
    /// - Parameters:
    ///   - rule: the address at which the door listens for the app.
    ///   - listener: where the app itself listens.
    ///   - strips: whether the door takes the rule's prefix off, so that the app serves at the root.
    package init(_ rule: IngressRule, behindDoorAt listener: DoorBackend, strips: Bool) {
        outside = rule
        backend = Backend(
            ruleName: rule.name, listener: listener, prefix: strips ? .root : rule.prefix, isBehindDoor: true)
    }

    /// Whether the app serves at the root although its address outside is below a prefix.
    package var isStripped: Bool { backend.prefix.isRoot && !outside.prefix.isRoot }

    /// The same app at another address outside. Only an app behind the front door can be moved while it runs.
    package func moved(to rule: IngressRule) -> ServingPlace {
        ServingPlace(outside: rule, backend: backend)
    }

    package func with(key: LoginKey?) -> ServingPlace {
        var place = self
        place.key = key
        return place
    }

    /// What follows the URL of a link to the app: `#key=…`, or nothing.
    package var fragment: String { key?.fragment ?? "" }
}
