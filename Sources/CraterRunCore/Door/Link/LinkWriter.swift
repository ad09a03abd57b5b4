/// Writes the fields of a frame.
package struct LinkWriter {
    package private(set) var bytes: [UInt8] = []

    mutating func write<Number: FixedWidthInteger>(_ number: Number) {
        var rest = number
        for _ in 0..<Number.bitWidth / 8 {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest = Number.bitWidth > 8 ? rest >> 8 : 0
        }
    }

    mutating func write(_ flag: Bool) { write(flag ? UInt8(1) : 0) }

    mutating func write(_ blob: [UInt8]) {
        write(UInt32(clamping: blob.count))
        bytes += blob
    }

    mutating func write(_ text: String) { write(Array(text.utf8)) }

    mutating func write(_ time: WallTime) { write(time.milliseconds) }

    mutating func write<Value>(list: [Value], _ each: (inout LinkWriter, Value) -> Void) {
        write(UInt32(clamping: list.count))
        for value in list { each(&self, value) }
    }

    mutating func write<Value>(optional value: Value?, _ write: (inout LinkWriter, Value) -> Void) {
        self.write(value != nil)
        if let value { write(&self, value) }
    }
}
