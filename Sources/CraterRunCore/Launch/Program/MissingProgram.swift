/// A program that is in none of the places where it was looked for.
package struct MissingProgram: Equatable, Sendable {
    /// What was looked for: file names, or one path.
    package let names: [String]
    /// The Python module that would do as well; nil if there is none.
    package let module: String?
    /// Every file that was tried, and how the module would be run.
    package let places: [String]
    /// What the user can do.
    package let remedy: String?

    package init(names: [String], module: String? = nil, places: [String], remedy: String? = nil) {
        self.names = names
        self.module = module
        self.places = places
        self.remedy = remedy
    }

    var reason: String {
        let way = remedy.map { "; \($0)" } ?? ""
        // A few places say all that there is to say.
        guard places.count > 2 else {
            return "there is no such program: \(places.joined(separator: ", "))\(way)"
        }
        let programs =
            names.count > 1 ? "none of the programs \(names.joined(separator: ", "))" : "no program \(names.joined())"
        let modules = module.map { ", and no Python has the module \($0)" } ?? ""
        return "there is \(programs) in any of \(places.count) places\(modules)\(way)"
    }
}
