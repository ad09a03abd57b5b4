package import CraterRunCore
package enum AnnotationsReader {
    package static func read(path: String) -> Result<[UInt8], AnnotationsReadFailure> {
        do { return .success(try SmallFile.read(path)) } catch { return .failure(.missing(path: path)) }
    }
}
