/// Reads the states of apps from `/readyz?verbose`: a supervisor tells no more over its TCP port.
package enum ReadinessPage {
    /// The end of the line about an app that sleeps, which is in order.
    static let asleep = " ok: asleep"

    /// The state of each app, by name. Other lines are ignored.
    package static func states(_ page: String) -> [String: String] {
        var states: [String: String] = [:]
        for line in page.split(separator: "\n") {
            let (good, bad, end) = ("[+]app/", "[-]app/", " ok")
            if line.hasPrefix(good), line.hasSuffix(asleep), line.count > good.count + asleep.count {
                states[String(line.dropFirst(good.count).dropLast(asleep.count))] = AppState.asleep.rawValue
            } else if line.hasPrefix(good), line.hasSuffix(end), line.count > good.count + end.count {
                states[String(line.dropFirst(good.count).dropLast(end.count))] = AppState.ready.rawValue
            } else if line.hasPrefix(bad), let (name, state) = failure(line.dropFirst(bad.count)) {
                states[name] = state
            }
        }
        return states
    }

    /// Parses `NAME failed: NAME: STATE`, which a reason may follow.
    private static func failure(_ text: Substring) -> (name: String, state: String)? {
        // A name may contain anything, so the text after `failed:` must begin with the same name.
        for word in text.indices where text[word...].hasPrefix(" failed: ") {
            let name = String(text[..<word])
            let rest = text[word...].dropFirst(" failed: ".count)
            guard !name.isEmpty, rest.hasPrefix("\(name): ") else { continue }
            let state = String(rest.dropFirst(name.count + 2).prefix { $0 != ":" && $0 != " " })
            return AppState(rawValue: state).map { (name, $0.rawValue) }
        }
        return nil
    }
}
