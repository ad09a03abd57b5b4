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
    /// Why nobody can log in, as long as the key is not known.
    private(set) var lock = DoorLock()
    /// The names of the offered apps whose program is there.
    private(set) var installed: Set<String> = []
    /// The rule that opens the page once the job has had time to take the rule's port; nil if there is none.
    var pendingRule: IngressRule?
    /// When the key is read again; nil if nobody has to read it, and while somebody does.
    private var readAt: MonotonicInstant?
    private var isReading = false
    private var readings: Backoff
    /// When the offered apps are looked for again; nil while somebody does. A user may install one at any time.
    private var findAt: MonotonicInstant?
    private var findings: Backoff
    /// The failure to read the key that was logged last.
    private var saidFailure: LaunchFailure?
    /// The link with the key that was logged last.
    private var saidLink: String?

    init(_ options: HomeOptions, seed: UInt64) {
        self.options = options
        readings = Backoff(seed: seed)
        findings = Backoff(first: .seconds(5), longest: .seconds(60), seed: seed)
    }

    /// When ``ticked(at:)`` has something to do. Without the page, nobody looks for apps.
    var nextDeadline: MonotonicInstant? { [readAt, rule == nil ? nil : findAt].compactMap { $0 }.min() }

    /// Takes the rule that opens the page from now on.
    ///
    /// - Returns: whether it is another one than before.
    mutating func take(_ new: IngressRule?, at now: MonotonicInstant) -> Bool {
        guard new != rule else { return false }
        if rule == nil { since = now }
        rule = new
        return true
    }

    /// What the page needs to know from its opening on.
    mutating func opened() -> [SupervisorEffect] {
        findAt = nil
        findings.reset()
        guard key == nil, !isReading else { return [.findOffers] }
        isReading = true
        readAt = nil
        return [.readHomeLogin, .findOffers]
    }

    mutating func ticked(at now: MonotonicInstant) -> [SupervisorEffect] {
        var effects: [SupervisorEffect] = []
        if let due = readAt, due <= now {
            readAt = nil
            isReading = true
            effects.append(.readHomeLogin)
        }
        if rule != nil, let due = findAt, due <= now {
            findAt = nil
            effects.append(.findOffers)
        }
        return effects
    }

    /// Takes the names of the offered apps whose program is there.
    mutating func found(_ names: Set<String>, at now: MonotonicInstant) {
        installed = names
        findAt = now.advanced(by: findings.next())
    }

    /// The key cannot be read; another try follows.
    ///
    /// - Returns: whether this is another failure than the one before.
    mutating func failed(_ failure: LaunchFailure, at now: MonotonicInstant) -> Bool {
        isReading = false
        readAt = now.advanced(by: readings.next())
        lock = failure.lock ?? DoorLock(failure: "the key of its login cannot be read")
        defer { saidFailure = failure }
        return failure != saidFailure
    }

    mutating func take(_ new: LoginKey) {
        isReading = false
        readAt = nil
        saidFailure = nil
        readings.reset()
        guard new != key else { return }
        key = new
        login = DoorLogin(key: new.text.utf8)
    }

    /// Whether there is a rule that opens the page, now or soon.
    var isWanted: Bool { rule != nil || pendingRule != nil }

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
