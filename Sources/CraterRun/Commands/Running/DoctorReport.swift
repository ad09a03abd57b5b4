import CraterRunCore
import CraterRunHTTP

/// The output of a diagnosis: lines for people, JSON for programs.
struct DoctorReport {
    /// A check as a JSON object; members that do not apply are left out.
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

    /// A line for each check; below the first one that failed, its remedy.
    func page(colors: Bool) -> Page {
        let first = checks.firstIndex { $0.status == .failed }
        var page = Page()
        for (index, check) in checks.enumerated() {
            let mark = Table.Cell(check.status.mark, check.status.paint)
            page.add([mark, Table.Cell(" \(check.line)")], colors: colors)
            guard index == first, let remedy = check.remedy else { continue }
            page.add("")
            // Blank lines get no indentation, so that the text can be pasted.
            for line in remedy.split(separator: "\n", omittingEmptySubsequences: false) {
                page.add(line.isEmpty ? "" : "    \(line)")
            }
            page.add("")
        }
        return page
    }

    /// All checks with every remedy, for a JSON object.
    struct All: Encodable {
        let checks: [Check]
        let ok: Bool
    }

    var all: All {
        let all = checks.map {
            Check(
                app: $0.app,
                id: $0.link.rawValue,
                message: $0.message,
                remedy: $0.remedy,
                status: $0.status.rawValue
            )
        }
        return All(checks: all, ok: isSound)
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
