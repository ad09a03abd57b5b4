import CraterRunCore
import CraterRunHTTP

/// A diagnosis as it is shown: lines for people, JSON for programs.
struct DoctorReport {
    /// A line as a JSON object; what does not apply is left out.
    struct Check: Encodable {
        let app: String?
        let id: String
        let message: String
        let remedy: String?
        let status: String
    }

    private let checks: [DoctorCheck]
    /// Whether nothing is broken.
    let isSound: Bool

    init(_ diagnosis: Diagnosis) {
        checks = diagnosis.checks
        isSound = diagnosis.isSound
    }

    /// A line for each check, and below the first that failed how to mend it.
    func text(isColoured: Bool) -> String {
        let first = checks.firstIndex { $0.status == .failed }
        return checks.indices.map { index in
            let check = checks[index]
            let mark = isColoured ? check.status.paint.apply(to: check.status.mark) : check.status.mark
            let line = "\(mark) \(check.line)\n"
            guard index == first, let remedy = check.remedy else { return line }
            // Blank lines stay blank, so that what is to be pasted is.
            let indented = remedy.split(separator: "\n", omittingEmptySubsequences: false).map {
                $0.isEmpty ? "\n" : "    \($0)\n"
            }
            return "\(line)\n\(indented.joined())\n"
        }.joined()
    }

    /// All checks with every remedy, as one JSON object.
    var json: String {
        struct Report: Encodable {
            let checks: [Check]
            let ok: Bool
        }
        let all = checks.map {
            Check(
                app: $0.app,
                id: $0.link.rawValue,
                message: $0.message,
                remedy: $0.remedy,
                status: $0.status.rawValue
            )
        }
        return JSONText.encode(Report(checks: all, ok: isSound))
    }
}

extension DoctorCheck.Status {
    fileprivate var paint: Paint {
        switch self {
        case .ok: .green
        case .failed: .red
        case .skipped: .dim
        }
    }
}
