/// An app whose only option is what to open. To add one takes one type in a file and one line in ``SimpleApps/all``:
/// the app's command and help are made from these members.
package protocol SimpleApp: WebApp {
    static var identity: AppIdentity { get }
    /// The app's name as its makers write it.
    static var title: String { get }
    /// What the user can open, for the help: `A notebook or a directory. Default: the working directory.`
    static var targetHelp: String { get }
    /// One or more example command lines for the help.
    static var examples: [String] { get }

    /// - Parameters:
    ///   - target: what to open; nil if nothing is given.
    ///   - flags: the user's own flags.
    init(target: String?, flags: [String])
}

extension SimpleApp {
    package var identity: AppIdentity { Self.identity }
}
