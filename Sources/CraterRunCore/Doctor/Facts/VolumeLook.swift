/// What is where the annotations file should be.
package struct VolumeLook: Sendable {
    package let path: String
    package let reading: Result<[UInt8], AnnotationsReadFailure>
    /// The names in the file's directory; nil if there is none, or it cannot be read.
    package let neighbours: [String]?
    /// Whether the file is a mount of its own, as subPath makes it: it never changes then.
    package let isSubPath: Bool
    /// Whether a `..data_tmp` stays in the directory, as a kubelet leaves it that crashed: the file never changes then.
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
