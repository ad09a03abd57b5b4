internal import Glibc

/// The users whose answers count as answers of this container's crater-run.
///
/// Every user of a container can listen at a socket with a supervisor's name. An answer of another user may be a trap,
/// above all for root: a probe that runs as root passes the answer on to Kubernetes.
package struct ServingUsers: Equatable, Sendable {
    /// Nil for all users. At most three users, in an array: a probe would have to wait until Swift's runtime has set up
    /// a `Set`.
    private let users: [UInt32]?

    private init(_ users: [UInt32]?) {
        self.users = users
    }

    /// Our own user, and root.
    package static var ownAndRoot: ServingUsers { ServingUsers([geteuid(), 0]) }

    package static let everybody = ServingUsers(nil)

    package static func only(_ user: UInt32) -> ServingUsers { ServingUsers([user]) }

    /// The same users and one more, whom the caller names on purpose.
    package func and(_ user: UInt32?) -> ServingUsers {
        guard let users, let user else { return self }
        return ServingUsers(users + [user])
    }

    package func include(_ user: UInt32) -> Bool { users?.contains(user) ?? true }
}
