/// Writes the heads that go on: to the app and back to the client.
///
/// What is not changed keeps its bytes, its order and its duplicates.
package enum ForwardedHead {
    /// The head for the app.
    ///
    /// - Parameter output: the head is appended to it. A caller that empties and reuses the array saves its allocation.
    package static func write(_ head: RequestHead, edits: RequestEdits, to output: inout [UInt8]) {
    }

    /// The head for the client.
    ///
    /// - Parameters:
    ///   - request: the request that the app answers.
    ///   - keepsAlive: whether the client's connection goes on after this response.
    ///   - output: the head is appended to it.
    package static func write(
        _ head: ResponseHead, to request: RequestHead, keepsAlive: Bool, edits: ResponseEdits,
        to output: inout [UInt8]
    ) {
    }
}
