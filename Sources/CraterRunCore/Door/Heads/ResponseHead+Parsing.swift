extension ResponseHead {
    /// - Parameter bytes: a whole head, as ``HeadScanner`` finds it.
    package static func parse(_ bytes: [UInt8]) throws(HeadRefusal) -> ResponseHead { throw .malformed("") }
}
