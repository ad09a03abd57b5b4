package import CraterRunCore
internal import Glibc

extension HomeDirectories {
    /// The homes of this host's users. For crater-run's own user, HOME takes precedence over passwd(5).
    package init(variables: @escaping @Sendable (String) -> String?, passwd: String = "/etc/passwd") {
        self.init { user in
            if !user.isEmpty { return UserFacts.home(in: passwd) { name, _ in name == user } }
            if let home = variables("HOME"), !home.isEmpty { return home }
            let own = String(geteuid())
            return UserFacts.home(in: passwd) { _, id in id == own }
        }
    }
}
