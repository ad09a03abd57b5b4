/// An app that needs no options of its own but what to open: one type in a file, and one line in ``SimpleApps/all``, is all
/// that it takes. Its command and help come from what it says here.
package protocol SimpleApp: WebApp {
    static var identity: AppIdentity { get }
    /// The app's name as its makers write it.
    static var title: String { get }
    /// What can be given to open, for the help: `A notebook or a directory. Default: the working directory.`
    static var targetHelp: String { get }
    /// A line or more of examples for the help.
    static var examples: [String] { get }

    /// - Parameters:
    ///   - target: what to open; nil if nothing is given.
    ///   - flags: the user's own flags.
    init(target: String?, flags: [String])
}

extension SimpleApp {
    package var identity: AppIdentity { Self.identity }
}
