/// What a supervisor knows of its home page: the rule that opens the page, the page's login, and what the page offers.
struct HomeKeeper: Sendable {
    let options: HomeOptions
    /// The rule that opens the page; nil without one.
    private(set) var rule: IngressRule?
    /// When the page got its rule.
    private(set) var since: MonotonicInstant?
    /// The key of the login; nil before it is known.
    private(set) var key: LoginKey?
    /// The login that follows from the key. It is the login of all apps below the page, too.
    private(set) var login: DoorLogin?
    /// The names of the offered apps whose program is there.
    var installed: Set<String> = []
    /// The link with the key that was logged last.
    private var saidLink: String?

    init(_ options: HomeOptions) { self.options = options }

    /// Takes the rule that opens the page from now on.
    ///
    /// - Returns: whether it is another one than before.
    mutating func take(_ new: IngressRule?, at now: MonotonicInstant) -> Bool {
        guard new != rule else { return false }
        if rule == nil { since = now }
        rule = new
        return true
    }

    mutating func take(_ new: LoginKey) {
        guard new != key else { return }
        key = new
        login = DoorLogin(key: new.text.utf8)
    }

    /// The rule by which an app is served below the page.
    func rule(below app: String) -> IngressRule? { rule.flatMap { HomeOptions.rule(below: $0, of: app) } }

    /// The link that opens the page, with the key if that is known; nil without the page.
    var link: String? { rule.map { "\(AccessURL(of: $0))\(key?.fragment ?? "")" } }

    /// Where the cookie of the login belongs.
    var place: DoorLoginPlace? { rule.map { DoorLoginPlace(app: HomeOptions.identity.name, prefix: $0.prefix) } }

    /// The link with the key, if it has not been logged yet.
    mutating func newLink() -> String? {
        guard key != nil, let link, link != saidLink else { return nil }
        saidLink = link
        return link
    }
}
