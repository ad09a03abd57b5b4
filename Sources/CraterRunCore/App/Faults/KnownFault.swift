/// Common faults of apps: how to recognize each one in the app's output, and how to cure it.
enum KnownFault {
    /// What the user can do about the fault that a line of output reports; nil if the line reports no known fault.
    ///
    /// - Parameters:
    ///   - lines: the last lines of the output, with this line.
    ///   - app: the app's name.
    ///   - code: whose code the app runs.
    static func cure(for line: String, among lines: [String], of app: String, _ code: AppCode) -> String? {
        if let module = missingModule(in: line) { return cure(without: module, of: app, code) }
        // The last line of TensorFlow before 2.18 with another NumPy. Any other extension module may write it too.
        if line.contains("Unable to convert function return value to a Python type"),
            lines.contains(where: { $0.contains("umath failed to import") || $0.contains("_np_bfloat16") })
        {
            return anotherNumPy
        }
        return table.first { fault in fault.signs.contains { sign in sign.allSatisfy(line.contains) } }?.cure
    }

    private static let anotherNumPy =
        "a package was built for another NumPy: pip install 'numpy<2', or a newer version of that package"

    private struct Entry {
        /// A line reports this fault if it contains all texts of at least one of these signs.
        let signs: [[String]]
        let cure: String
    }

    private static let table: [Entry] = [
        Entry(
            signs: [
                ["numpy.dtype size changed"], ["compiled using NumPy 1.x cannot be run in"], ["_ARRAY_API not found"],
                ["numpy", "multiarray failed to import"], ["numpy", "umath failed to import"],
                ["numpy.ufunc size changed"],
            ],
            cure: anotherNumPy),
        Entry(
            signs: [["module 'numpy' has no attribute"], ["`np.", "was removed in the NumPy 2.0"]],
            cure: "a package is too old for this NumPy: install a newer version of it, or pip install 'numpy<1.24'"),
        Entry(
            signs: [["Descriptors cannot be created directly"], ["Descriptors cannot not be created directly"]],
            cure: "a package is too old for this protobuf: install a newer version, or pip install 'protobuf<3.21'"),
        Entry(
            signs: [["MessageFactory", "GetPrototype"], ["FieldDescriptor", "has no attribute 'label'"]],
            cure: "a package is too old for this protobuf: install a newer version, or pip install 'protobuf<5'"),
        Entry(
            signs: [
                ["cannot import name", "google.protobuf"], ["incompatible Protobuf Gencode/Runtime"],
                ["google.protobuf", "VersionError"],
            ],
            cure: "protobuf is too old for a package that uses it: pip install --upgrade protobuf"),
        Entry(
            signs: [
                ["cannot import name", "tornado"], ["module 'tornado", "has no attribute"], ["tornado", "TypeError"],
                ["tornado", "AttributeError"],
            ],
            cure: "a package does not fit this tornado: install a newer version of it, or pip install 'tornado<6.5'"),
        Entry(
            signs: [["inotify watch limit"], ["inotify instance limit"]],
            cure:
                "the node's limit for inotify is reached (sysctl fs.inotify): an administrator of the cluster can raise it"
        ),
        Entry(
            signs: [
                ["No space left on device"], ["Disk quota exceeded"], ["[Errno 28]"], ["[Errno 122]"],
                ["disk is full"],
            ],
            cure: "free space there (df -h shows what is full), or set TMPDIR or HOME to another directory"),
        Entry(
            signs: [["Address already in use"], ["[Errno 98]"], ["port", "is already in use"], ["could not bind to"]],
            cure: "another process listens at that port: crater-run doctor names it"),
        Entry(
            signs: [
                ["unrecognized arguments"], ["No such option"], ["unrecognized option"], ["no such option"],
                ["Unrecognized alias"], ["unknown flag"],
            ],
            cure: "the app has no such flag: mend what follows the --"),
        Entry(
            signs: [["cannot open shared object file"]],
            cure: "the system library is not in the image: install the package that contains this file"),
        Entry(
            signs: [["GLIBC_", "not found"], ["GLIBCXX_", "not found"]],
            cure: "the program was built for a newer system than the image's: install a version for this image"),
        Entry(
            signs: [["Permission denied"], ["[Errno 13]"]],
            cure: "the user of crater-run may not use this file or directory: ls -l shows its owner"),
    ]

    /// The module that Python cannot import according to the line; nil for other lines.
    private static func missingModule(in line: String) -> String? {
        for start in ["No module named '", "No module named "] {
            guard let range = line.firstRange(of: start) else { continue }
            let name = line[range.upperBound...].prefix {
                $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".")
            }
            return name.isEmpty ? nil : String(name)
        }
        return nil
    }

    /// The names of packages, by the names of their modules, where the two differ.
    private static let packages = [
        "yaml": "pyyaml", "cv2": "opencv-python-headless", "PIL": "pillow", "sklearn": "scikit-learn",
        "google": "protobuf", "attr": "attrs", "dateutil": "python-dateutil", "jwt": "pyjwt", "zmq": "pyzmq",
        "distutils": "setuptools",
    ]

    private static func cure(without module: String, of app: String, _ code: AppCode) -> String {
        let top = String(module.split(separator: ".").first ?? "")
        if top == "pkg_resources" {
            return "setuptools 82 and later have no pkg_resources: pip install 'setuptools<82'"
        }
        if top == "imp" { return "a package is too old for this Python: install a newer version of it" }
        // The module may be a file of the user's own. A package of the same name would be somebody else's.
        guard code == .program else {
            return
                "the Python that runs \(app) has no such module: if it is a file of yours, name the file's directory in "
                + "PYTHONPATH; else install the package that contains it"
        }
        return "install the module for the Python that runs \(app): pip install \(packages[top] ?? top)"
    }
}
