internal import CLinux
internal import Glibc

/// The facts about a file from stat(2); a link is not followed.
struct FileStatus: Equatable, Sendable {
    /// A file's type, as a text with an article.
    enum Kind: String, Sendable {
        case directory = "a directory"
        case regular = "a file"
        case link = "a link"
        case fifo = "a FIFO"
        case socket = "a socket"
        case device = "a device"
    }

    let kind: Kind
    let owner: UInt32
    let group: UInt32
    /// Permissions and the set-id and sticky bits.
    let mode: mode_t
    let device: UInt64
    let inode: UInt64
    /// How many names the file has; 0 once it has been removed.
    let links: UInt64
    let size: Int64

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFDIR: kind = .directory
        case S_IFREG: kind = .regular
        case S_IFLNK: kind = .link
        case S_IFIFO: kind = .fifo
        case S_IFSOCK: kind = .socket
        default: kind = .device
        }
        owner = status.st_uid
        group = status.st_gid
        mode = status.st_mode & 0o7777
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        links = UInt64(status.st_nlink)
        size = Int64(status.st_size)
    }

    init(of descriptor: Int32, named name: String = "") throws(SystemCallError) {
        var status = stat()
        try systemCall("fstat", on: name) { fstat(descriptor, &status) }
        self.init(status)
    }

    /// Whether other users than the owner may create, rename and remove entries, if this is a directory. An access
    /// control list for others shows in the group's bits (acl(5)).
    var isWritableByOthers: Bool { mode & 0o022 != 0 }

    /// Whether an entry can be renamed and removed only by its own owner and the directory's.
    var isSticky: Bool { mode & S_ISVTX != 0 }

    func isSame(as other: FileStatus) -> Bool { device == other.device && inode == other.inode }

    /// `a FIFO of user 65534`.
    var description: String { "\(kind.rawValue) of \(FileStatus.user(owner))" }

    static func user(_ number: UInt32) -> String { number == 0 ? "root" : "user \(number)" }
}
