import ArgumentParser
import CraterRunCore

/// How a command shows its result.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

extension Setting where Value == OutputFormat {
    static var output: Setting {
        Setting(
            choice: "--output", "CRATER_RUN_OUTPUT", "text|json", "Print text for people, or JSON for programs.",
            fallback: "text", expected: "text or json")
    }
}
