/// A response of the door's own.
package struct DoorAnswer: Equatable, Sendable {
    /// One field of the response's head. Neither text contains a line end.
    package struct Field: Equatable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// 200…599.
    package let status: Int
    /// The fields without Content-Length and Connection, which ``bytes(isHead:closes:)`` adds.
    package let fields: [Field]
    package let body: [UInt8]
    /// Whether nothing more can be read from the connection, since it is not known where the request ends.
    package let closes: Bool

    package init(status: Int, fields: [Field], body: [UInt8], closes: Bool = false) {
        self.status = status
        self.fields = fields
        self.body = body
        self.closes = closes
    }
}
