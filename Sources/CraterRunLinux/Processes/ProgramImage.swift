internal import CLinux
internal import CraterRunCore
internal import Glibc

/// A program and its words, laid out as execve(2) takes them.
struct ProgramImage: ~Copyable {
    private let file: CString
    private let isSearched: Bool
    private let arguments: CStringList
    /// Room for the words of /bin/sh.
    private let shellArguments: CStringList
    /// Nil for our own environment.
    private let environment: CStringList?

    init(path: String, arguments: [[UInt8]], environment: [[UInt8]]?) {
        self.init(file: Array(path.utf8), isSearched: false, arguments: arguments, environment: environment)
    }

    /// A program whose file is searched for as execvp(3) does.
    init(word: [UInt8], arguments: [[UInt8]], environment: [[UInt8]]?) {
        self.init(file: word, isSearched: true, arguments: arguments, environment: environment)
    }

    private init(file: [UInt8], isSearched: Bool, arguments: [[UInt8]], environment: [[UInt8]]?) {
        self.file = CString(file)
        self.isSearched = isSearched
        self.arguments = CStringList(arguments)
        shellArguments = CStringList([], room: arguments.count + 2)
        self.environment = environment.map { CStringList($0) }
    }

    /// - Parameter body: its argument is valid until it returns.
    func withProgram<Result>(
        _ body: (clinux_program) throws(SystemCallError) -> Result
    ) throws(SystemCallError) -> Result {
        let environment = self.environment?.start ?? clinux_environment()
        return try body(
            clinux_program(
                file: file.start,
                search: isSearched ? clinux_search_path() : nil,
                arguments: arguments.start,
                shell_arguments: shellArguments.start,
                environment: environment
            ))
    }
}
