/// Checks whether the volume's item is the map of all annotations, by what the file contains: an item of a single
/// annotation contains the value alone, without a key and without quotes.
struct AnnotationsItem {
    /// The kubelet's own annotations have keys that begin like this; labels have none.
    private static let ownKeys = "kubernetes.io/config."

    private let bytes: [UInt8]
    private let file: AnnotationsFile

    init(_ bytes: [UInt8], _ file: AnnotationsFile) {
        self.bytes = bytes
        self.file = file
    }

    func check(path: String) -> DoctorCheck {
        let remedy =
            "The item has to be all annotations, by the fieldPath metadata.annotations:\n\n"
            + VolumeDiagnosis.spec(path)
        if let complaint { return .failed(.item, complaint, remedy: remedy) }
        guard file.problemCount == 0 else {
            return .failed(
                .item,
                file.complaints.joined(separator: "; "),
                remedy:
                    "The kubelet writes no such line. Look at it with cat -A \(ShellQuoting.quote(path)), and have the Pod's "
                    + "volume written anew: any change of its annotations does that."
            )
        }
        let count = file.entries.count
        return .ok(.item, "it holds all annotations of the pod: \(count == 1 ? "1 of them" : "\(count) of them")")
    }

    /// Why the item is another one; nil if it is all annotations, perhaps with lines that cannot be read.
    private var complaint: String? {
        if bytes.allSatisfy({ " \t\r\n".utf8.contains($0) }) {
            return
                "the file is empty, but every pod has annotations: its item is a single annotation, which this pod "
                + "does not have"
        }
        if file.entries.isEmpty {
            guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
                return "no line of the file can be read: it holds something else than annotations"
            }
            let shown = PrintableText.escape(text.utf8, limit: 80)
            return "the file holds the value of a single annotation instead of all of them: \(shown). Its item has the "
                + "fieldPath metadata.annotations['\(likelyKey)']"
        }
        let keys = file.entries.map(\.key)
        let isPods = keys.contains { key in
            [AnnotationsItem.ownKeys, IngressRules.keyPrefix].contains { key.starts(with: $0.utf8) }
        }
        if isPods || file.problemCount > 0 { return nil }
        let first = keys.first.map { PrintableText.escape($0, limit: 80) } ?? ""
        return
            "the file lacks \(AnnotationsItem.ownKeys)seen, which is among the annotations of every pod, and has \(first): its "
            + "item may have the fieldPath metadata.labels"
    }

    /// The key of the annotation whose value the file contains.
    private var likelyKey: String {
        guard let name = try? IngressRuleDecoder.decode(bytes).name?.text else { return "…" }
        return IngressRules.keyPrefix + PrintableText.escape(name.utf8, limit: 80)
    }
}
