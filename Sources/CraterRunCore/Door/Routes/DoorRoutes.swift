/// All routes of a door. A door gets them as a whole at each change.
package struct DoorRoutes: Equatable, Sendable {
    /// Which value this is: each change has a higher number. A door answers with the number of the routes it serves.
    package let generation: UInt64
    package let routes: [DoorRoute]
    /// The routes of each port, the longest prefix first.
    private let tables: [UInt16: [Entry]]

    /// A route, with what follows from it and its neighbours.
    private struct Entry: Equatable, Sendable {
        let route: DoorRoute
        /// What is changed in requests.
        let edits: RouteEdits
    }

    /// The route to which a request belongs.
    struct Match {
        let route: DoorRoute
        let edits: RouteEdits
        /// Where the prefix ends in the request's path: at its end, or before a slash.
        let end: Int
    }

    package init(generation: UInt64, routes: [DoorRoute]) {
        self.generation = generation
        self.routes = routes
        let entries = routes.map { route in
            // A browser sends the cookies of a prefix to everything below it.
            let above = routes.filter { $0.path.contains(route.path.withoutSlash) }
            let names = above.flatMap { [Array($0.cookies.secure.utf8), Array($0.cookies.plain.utf8)] }
            return Entry(
                route: route,
                edits: RouteEdits(stripping: route.strips ? route.path : nil, withheldCookies: names)
            )
        }
        tables = Dictionary(grouping: entries, by: \.route.port).mapValues { entries in
            let lengths = entries.map(\.route.path.withSlash.count)
            return entries.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }.map { entries[$0] }
        }
    }

    package static let none = DoorRoutes(generation: 0, routes: [])

    /// The ports at which the door accepts connections, in ascending order.
    package var ports: [UInt16] { tables.keys.sorted() }

    /// The route with the longest prefix of those to which a path belongs; nil if there is none.
    func match(_ path: ArraySlice<UInt8>, on port: UInt16) -> Match? {
        for entry in tables[port] ?? [] {
            if let end = entry.route.path.end(in: path) {
                return Match(route: entry.route, edits: entry.edits, end: end)
            }
        }
        return nil
    }
}
