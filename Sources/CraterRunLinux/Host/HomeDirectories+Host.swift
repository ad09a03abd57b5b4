package import CraterRunCore
internal import Glibc

extension HomeDirectories {
    /// Those of this host's users: by HOME, or else by passwd(5).
    package init(variables: @escaping @Sendable (String) -> String?, passwd: String = "/etc/passwd") {
        self.init { user in
            if !user.isEmpty { return UserFacts.home(in: passwd) { name, _ in name == user } }
            if let home = variables("HOME"), !home.isEmpty { return home }
            let own = String(geteuid())
            return UserFacts.home(in: passwd) { _, id in id == own }
        }
    }
}
