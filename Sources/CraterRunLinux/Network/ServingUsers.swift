internal import Glibc

/// Whose answers count as those of the crater-run of this container.
///
/// Any user of a container can listen at a socket with a supervisor's name. What another user serves there may be a trap;
/// to root most of all, whose answer a probe passes on to Kubernetes.
package struct ServingUsers: Equatable, Sendable {
    /// Nil for everybody. Three at most, in no set: a probe would wait until Swift's runtime has set that up.
    private let users: [UInt32]?

    private init(_ users: [UInt32]?) {
        self.users = users
    }

    /// Our own user, and root.
    package static var ownAndRoot: ServingUsers { ServingUsers([geteuid(), 0]) }

    package static let everybody = ServingUsers(nil)

    package static func only(_ user: UInt32) -> ServingUsers { ServingUsers([user]) }

    /// The same and this one, who is named on purpose.
    package func and(_ user: UInt32?) -> ServingUsers {
        guard let users, let user else { return self }
        return ServingUsers(users + [user])
    }

    package func include(_ user: UInt32) -> Bool { users?.contains(user) ?? true }
}
