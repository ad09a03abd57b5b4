/// What is at the place of the annotations file.
package struct VolumeFacts: Sendable {
    package let path: String
    package let reading: Result<[UInt8], AnnotationsReadFailure>
    /// The names in the file's directory; nil if there is none, or it cannot be read.
    package let neighbours: [String]?
    /// Whether the file is a mount of its own, as subPath makes it. Such a file never changes.
    package let isSubPath: Bool
    /// Whether the directory has a `..data_tmp`, which a kubelet leaves behind when it crashes. The file never changes
    /// then.
    package let hasLeftOver: Bool

    package init(
        path: String = AnnotationsReadFailure.defaultPath,
        reading: Result<[UInt8], AnnotationsReadFailure>,
        neighbours: [String]? = nil,
        isSubPath: Bool = false,
        hasLeftOver: Bool = false
    ) {
        self.path = path
        self.reading = reading
        self.neighbours = neighbours
        self.isSubPath = isSubPath
        self.hasLeftOver = hasLeftOver
    }
}
