import Foundation
import Testing

/// Visdom's files for browsers, which Visdom downloads where it can.
enum VisdomFiles {
    static let path = ProcessInfo.processInfo.environment["CRATER_RUN_TEST_VISDOM_FILES"]

    /// Makes a copy of the installed package with what Visdom would have downloaded: others test the package as it is.
    static func install(in launcher: Launcher) throws {
        let script = """
            package=$("$1/python" -c 'import os, visdom; print(os.path.dirname(visdom.__file__))')
            mkdir "$3"; cp -R "$package" "$3/visdom"; cp -R "$2/." "$3/visdom/static/"
            """
        let place = "\(launcher.root)/modules"
        try Shell.run(script, try #require(RealApp.visdom.bin), try #require(path), place)
        launcher.environment["PYTHONPATH"] = place
    }
}
