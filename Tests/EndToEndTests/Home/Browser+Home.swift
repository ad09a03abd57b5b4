/// The people of Clients/browser/home_visit.py.
extension Browser {
    private struct Text: Decodable { let value: String }
    private struct Violations: Decodable { let violations: [String] }
    private struct Scopes: Decodable { let scopes: [String] }

    /// Clicks a button of a page that stays.
    func click(_ button: String, in tab: String) throws { try tell("click", ["tab": tab, "button": button]) }

    /// Clicks a link, and gives what is there then.
    @discardableResult
    func follow(_ link: String, in tab: String) throws -> Seen {
        try tell("follow", ["tab": tab, "link": link], as: Seen.self)
    }

    /// Presses keys, separated by spaces, and gives what has the focus then: the tile's id, a colon, and the text.
    @discardableResult
    func keys(_ keys: String, in tab: String) throws -> String {
        try tell("keys", ["tab": tab, "keys": keys], as: Text.self).value
    }

    func focused(in tab: String) throws -> String { try tell("focused", ["tab": tab], as: Text.self).value }

    /// What axe-core finds wrong in a page.
    func violations(in tab: String, width: Int, scheme: String) throws -> [String] {
        try tell("axe", ["tab": tab, "width": "\(width)", "scheme": scheme], as: Violations.self).violations
    }

    /// Opens a home page, and by it an app.
    func enterApp(_ app: String, from home: String, in tab: String) throws -> Opened {
        try tell("enter_app", ["tab": tab, "home": url(home), "app": app], as: Opened.self)
    }

    func useApp(in tab: String) throws { try tell("use_app", ["tab": tab]) }

    /// The scopes of a person's service workers.
    func workers(of person: String) throws -> [String] {
        try tell("workers", ["person": person], as: Scopes.self).scopes
    }

    func traffic(of person: String) throws -> Traffic { try tell("traffic", ["person": person], as: Traffic.self) }
}
