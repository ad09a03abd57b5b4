/// One app on the home page.
package struct HomeTile: Equatable, Sendable {
    /// The app's name, as commands and links have it.
    package var app: String
    /// The name as people write it: `TensorBoard`.
    package var title: String
    /// What the app is for, in one line: `Curves, images and graphs of a training run`.
    package var about: String
    /// The path of the app's page on this host, or its URL; nil if the app has no address yet.
    package var link: String?
    /// With the last lines of the app's output, which are shown to the page's readers: all of them have logged in.
    package var state: DoorAppState
    /// False for an app that is only offered: it costs nothing and its state says nothing until somebody starts it.
    package var isStarted: Bool
    /// False for an app that no button can do anything about.
    package var hasButtons: Bool

    package init(
        app: String, title: String, about: String, link: String? = nil, state: DoorAppState, isStarted: Bool = true,
        hasButtons: Bool = true
    ) {
        self.app = app
        self.title = title
        self.about = about
        self.link = link
        self.state = state
        self.isStarted = isStarted
        self.hasButtons = hasButtons
    }
}
