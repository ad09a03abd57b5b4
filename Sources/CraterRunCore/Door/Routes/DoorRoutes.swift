/// All routes of a door. A door gets them as a whole at each change.
package struct DoorRoutes: Equatable, Sendable {
    /// Which value this is: each change has a higher number. A door answers with the number of the routes it serves.
    package let generation: UInt64
    package let routes: [DoorRoute]
    /// The indices of each port's routes, the longest prefix first.
    private let order: [UInt16: [Int]]

    package init(generation: UInt64, routes: [DoorRoute]) {
        self.generation = generation
        self.routes = routes
        let lengths = routes.map(\.prefix.withoutTrailingSlash.utf8.count)
        let longestFirst = routes.indices.sorted { (lengths[$0], $1) > (lengths[$1], $0) }
        order = Dictionary(grouping: longestFirst) { routes[$0].port }
    }

    package static let none = DoorRoutes(generation: 0, routes: [])

    /// The ports at which the door accepts connections, in ascending order.
    package var ports: [UInt16] { order.keys.sorted() }

    /// The routes at a port, the one with the longest prefix first.
    func at(_ port: UInt16) -> [Int] { order[port] ?? [] }
}
