/// Where the cookie of a login belongs: it is named after this app, and a browser sends it to everything below this prefix.
///
/// The apps below a home page have the home page's place, so that one login serves all of them.
package struct DoorLoginPlace: Hashable, Sendable {
    package let app: String
    package let prefix: PathPrefix

    package init(app: String, prefix: PathPrefix) {
        self.app = app
        self.prefix = prefix
    }
}
