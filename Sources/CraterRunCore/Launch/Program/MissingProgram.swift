/// A program that the search found nowhere.
package struct MissingProgram: Equatable, Sendable {
    /// The names of the files that were looked for, or one path.
    package let names: [String]
    /// The Python module that could be run instead of the program; nil if there is none.
    package let module: String?
    /// All places that were tried; see ``ExecutableSearch/places``.
    package let places: [String]
    /// What the user can do; nil if there is nothing to suggest.
    package let remedy: String?

    package init(names: [String], module: String? = nil, places: [String], remedy: String? = nil) {
        self.names = names
        self.module = module
        self.places = places
        self.remedy = remedy
    }

    var reason: String {
        let way = remedy.map { "; \($0)" } ?? ""
        // One or two places fit into the message. More than two are only counted.
        if names.count == 1, let module, places.count == 1, let place = places.first {
            // The one place is an interpreter, which may be there.
            let python = place.hasSuffix(" -m \(module)") ? String(place.dropLast(module.count + 4)) : place
            return "there is no \(python) with the module \(module)\(way)"
        }
        guard places.count > 2 else {
            return "there is no such program: \(places.joined(separator: ", "))\(way)"
        }
        let programs =
            names.count > 1 ? "none of the programs \(names.joined(separator: ", "))" : "no program \(names.joined())"
        let modules = module.map { ", and no Python has the module \($0)" } ?? ""
        return "there is \(programs) in any of \(places.count) places\(modules)\(way)"
    }
}
