/// One annotation of the Pod. Key and value are bytes, since a value need not be UTF-8.
package struct Annotation: Equatable, Sendable {
    package let key: [UInt8]
    package let value: [UInt8]

    package init(key: [UInt8], value: [UInt8]) {
        self.key = key
        self.value = value
    }
}
