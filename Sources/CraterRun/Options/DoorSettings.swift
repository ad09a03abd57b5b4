import CraterRunCore

/// Whether and how apps are served through the front door, as the settings of an app or of `up` say it.
struct DoorSettings {
    private var door: Bool?
    private var strips: Bool?
    private var login: LoginSetting?
    private var key: LoginKey?
    private var sleepAfter: DurationOrOff?

    init(_ settings: inout Settings) {
        door = settings.read(.door)
        strips = settings.read(.stripPrefix)
        login = settings.read(.login)
        key = settings.read(.loginKey)
        sleepAfter = settings.read(.sleepAfter)
        // A value that cannot be used must not leave an app open that was to have a login.
        if login == nil, settings.variable(.login) != nil || settings.variable(.loginKey) != nil { login = .key }
    }

    /// The settings of an app under `up`: what the app's own words say, else what `up` says, else what the app's
    /// environment says.
    ///
    /// - Parameter given: the app's own words.
    func over(_ up: DoorSettings, given: GivenWords) -> DoorSettings {
        var result = self
        if !given.has(Setting.door.declaration) { result.door = up.door ?? door }
        if !given.has(Setting.stripPrefix.declaration) { result.strips = up.strips ?? strips }
        if !given.has(Setting.login.declaration) { result.login = up.login ?? login }
        if !given.has(Setting.sleepAfter.declaration) { result.sleepAfter = up.sleepAfter ?? sleepAfter }
        result.key = key ?? up.key
        return result
    }

    /// Has the app served as the settings say. A login needs the front door, and so does an app that sleeps, that knows
    /// no prefix, or that listens at a socket.
    func apply(to definition: inout AppDefinition) {
        definition.login = source
        let strips = strips ?? !definition.app.knowsPrefix
        let use = DoorUse(
            strips: strips, hasLogin: source != nil, writesPrefix: definition.app.writesOutsidePrefix)
        definition.policy.sleepAfter = definition.app.canSleep ? sleepAfter?.time : nil
        let needsDoor = use.strips || use.hasLogin || definition.policy.sleepAfter != nil || definition.app.needsDoor
        definition.policy.door = (door ?? false) || needsDoor ? use : nil
        if use.hasLogin { definition.policy.withoutLogin = nil }
    }

    /// The login of the home page, which always has one.
    var homeLogin: LoginSource { source ?? key.map { .given($0) } ?? .random }

    private var source: LoginSource? {
        switch login {
        case nil, .off: nil
        case .key: key.map { .given($0) } ?? .random
        case .file(let path): .file(path: path)
        }
    }
}
