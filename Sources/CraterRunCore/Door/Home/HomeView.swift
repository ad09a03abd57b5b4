/// What the home page shows: the job, and a tile for each app. A door gets it with the routes at each change.
package struct HomeView: Equatable, Sendable {
    /// The Pod's name, for the title. Empty if it is not known.
    package var host: String
    /// Nil where there is no job, such as in a shell.
    package var job: HomeJob?
    /// In the order shown. No two have the same app.
    package var tiles: [HomeTile]

    package init(host: String, job: HomeJob? = nil, tiles: [HomeTile] = []) {
        self.host = host
        self.job = job
        self.tiles = tiles
    }

    /// The tile of an app by its name; nil if the home page has none.
    func tile(of app: String) -> HomeTile? { tiles.first { $0.app == app } }
}
