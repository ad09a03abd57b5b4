/// Metrics in the Prometheus text format, version 0.0.4 (prometheus.io, Exposition formats).
package struct PrometheusText: Sendable {
    package enum Kind: String, Sendable {
        case counter
        case gauge
    }

    /// A value and its labels.
    package struct Sample: Sendable {
        package let labels: [(name: String, value: String)]
        package let value: Double

        package init(_ value: Double, _ labels: [(name: String, value: String)] = []) {
            self.value = value
            self.labels = labels
        }
    }

    package private(set) var text = ""

    package init() {}

    /// Adds a metric. A metric without samples is left out.
    package mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0.name)=\"\(PrometheusText.escape($0.value))\"" }.joined(
                separator: ",")
            text += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(PrometheusText.number(sample.value))\n"
        }
    }

    /// Escapes backslash, double quote and line feed in a label's value. The format has no other escapes, so an
    /// unprintable character is spelled out: `\x1b` is four characters there.
    private static func escape(_ value: String) -> String {
        var escaped = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": escaped += #"\\"#
            case "\"": escaped += #"\""#
            case "\n": escaped += #"\n"#
            case _ where PrintableText.isPrintable(character): escaped.unicodeScalars.append(character)
            default: escaped += PrintableText.escape(String(character).utf8).replacing("\\", with: #"\\"#)
            }
        }
        return escaped
    }

    /// A number as Go's ParseFloat reads it; a whole number has no fraction.
    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }
}
