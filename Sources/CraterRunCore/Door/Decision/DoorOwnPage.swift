/// The door's own places below each prefix. An app behind a door cannot use the directory that they are in.
enum DoorOwnPage: String, CaseIterable {
    /// Asks for the key, and takes it by POST. With `#key=…` the key never stays in the address bar.
    case login
    case logout
    /// Says in one word whether the page that shows the state of the app is still right.
    case state
    /// The changing part of a home page.
    case tiles
    /// Takes by POST what a button of a home page does.
    case app

    private static let directory = "/.crater-run/"

    /// Whether a path, without its prefix, is in the directory.
    static func isOwn(_ path: ArraySlice<UInt8>) -> Bool { path.starts(with: directory.utf8) }

    /// - Parameter path: the path without its prefix, in the directory.
    init?(_ path: ArraySlice<UInt8>) {
        self.init(rawValue: String(decoding: path.dropFirst(DoorOwnPage.directory.utf8.count), as: UTF8.self))
    }

    /// The place's path on the host.
    func path(of route: DoorRoute) -> String { route.prefix.appending(DoorOwnPage.directory + rawValue) }
}
