import Foundation
import Glibc
import Testing

/// A temporary directory that several users share, as containers of one Pod do.
@Suite(
    .timeLimit(TestTime.limit),
    .enabled(if: getuid() == 0 || Mode.isOnCI, "other users are not tested here: needs root"))
struct TemporaryDirectoryTests {
    @Test(arguments: RealApp.available([.tensorBoard, .oldTensorBoard]))
    func aTensorBoardOfAnotherUserIsInNobodysWay(app: RealApp) throws {
        try withLauncher { launcher in
            try launcher.use(app, rule: "tensorboard")
            let shared = "\(launcher.root)/shared"
            let file = "\(shared)/.tensorboard-info"
            // TensorBoard makes it for everybody, but a umask or another program may have made it for one user.
            try Shell.run("mkdir $1; chmod 1777 $1; mkdir -m 755 $2; chown 4711:4711 $2", shared, file)
            launcher.environment["TMPDIR"] = shared
            // Another user may not execute this machine's Pythons. Root without these capabilities writes only to what is
            // root's own.
            let none = "-dac_override,-dac_read_search"
            launcher.wrapper = ["setpriv", "--inh-caps=\(none)", "--bounding-set=\(none)"]
            try launcher.serve("tensorboard")
            let own = try launcher.line("warning: \(file) cannot be written to (another user has made it): TMPDIR is ")
            #expect(own.hasSuffix("/tensorboard/tmp for tensorboard"), "\(own)")
            try launcher.line("tensorboard: ready")
            let names = try FileManager.default.contentsOfDirectory(atPath: file)
            #expect(names == [])
            #expect(try launcher.stop() == .exited(0), "\(launcher.log)")
            #expect(launcher.privateFiles == [])
        }
    }
}
