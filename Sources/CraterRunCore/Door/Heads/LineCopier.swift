/// Writes a changed copy of some bytes. The stretches between two changes are copied in one run each.
struct LineCopier: ~Copyable {
    let bytes: [UInt8]
    /// The bytes before this offset have been copied or left out.
    private var position: Int
    private var output: [UInt8]

    /// - Parameters:
    ///   - output: what the copy is appended to.
    ///   - start: the first byte to copy.
    init(_ bytes: [UInt8], from start: Int, appendingTo output: consuming [UInt8]) {
        self.bytes = bytes
        position = start
        self.output = output
    }

    mutating func reserve(_ count: Int) { output.reserveCapacity(output.count + count) }

    /// Copies all bytes before this offset that have been neither copied nor left out.
    mutating func copy(upTo offset: Int) {
        if offset > position { output.append(contentsOf: bytes[position..<min(offset, bytes.count)]) }
        position = max(position, offset)
    }

    /// Leaves the range out, and copies what is before it.
    mutating func drop(_ range: Range<Int>) {
        copy(upTo: range.lowerBound)
        position = max(position, range.upperBound)
    }

    mutating func append(_ bytes: some Sequence<UInt8>) { output.append(contentsOf: bytes) }

    mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }

    consuming func finish() -> [UInt8] { output }
}
