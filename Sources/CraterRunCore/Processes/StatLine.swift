/// The fields of a line of /proc/<pid>/stat (proc(5)).
struct StatLine {
    let pid: Int32
    /// At most 15 bytes. It may be no UTF-8.
    let name: ArraySlice<UInt8>
    /// The fields from field 3, the state, on.
    private let rest: [ArraySlice<UInt8>]

    /// Splits a line. The name is in parentheses and may contain spaces and parentheses itself, so the last closing
    /// parenthesis counts.
    init?(_ line: [UInt8]) {
        guard let open = line.firstIndex(of: UInt8(ascii: "(")), let close = line.lastIndex(of: UInt8(ascii: ")")),
            open < close,
            let pid = Int32(String(decoding: line[..<open], as: UTF8.self).filter { $0 != " " })
        else { return nil }
        self.pid = pid
        name = line[(open + 1)..<close]
        rest = line[(close + 1)...].split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
    }

    /// The letter of the state; nil if there is none.
    var state: Character? { field(3)?.first }

    /// A field by its number in proc(5), from 3 on; nil if the line has none.
    func field(_ number: Int) -> String? {
        rest.dropFirst(number - 3).first.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The same for a field that is a number.
    func number<Value: FixedWidthInteger>(_ number: Int, as type: Value.Type = Value.self) -> Value? {
        field(number).flatMap { Value($0) }
    }
}
