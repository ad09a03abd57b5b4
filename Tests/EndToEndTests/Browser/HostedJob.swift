import CraterRunLinux
import Foundation
import Testing

/// A job with many apps beside it, at a host that it shares with other jobs.
struct HostedJob {
    struct Place {
        let preset: Preset
        let prefix: String
        let port = Port.free()
        /// What crater-run calls the app here: other than the preset if it is not the first of its kind.
        let app: String
        /// The key of its front door's login, once it is ready.
        var key: String?

        /// The path that a person opens.
        var page: String { prefix + preset.page }
    }

    let launcher: Launcher
    let places: [Place]
    /// Whether all apps are behind the front door, with its login.
    let isGuarded: Bool

    /// - Parameter prefix: where a preset is served.
    init(
        _ launcher: Launcher, _ presets: [Preset], isGuarded: Bool = false, prefix: (Preset) -> String
    ) throws {
        (self.launcher, self.isGuarded) = (launcher, isGuarded)
        var counts: [String: Int] = [:]
        places = presets.map { preset in
            let count = counts[preset.word, default: 0] + 1
            counts[preset.word] = count
            return Place(
                preset: preset, prefix: prefix(preset), app: count == 1 ? preset.word : "\(preset.word)-\(count)")
        }
        launcher.environment["PATH"] = (RealApp.presets.bin.map { "\($0):" } ?? "") + "/usr/bin:/bin"
        for name in ["tensorboard", "notebook", "lars"] { launcher.podInfo.removeRule(name) }
        for place in places { launcher.podInfo.setRule(place.preset.name, port: place.port, prefix: place.prefix) }
    }

    /// Puts there what the apps serve.
    func prepare() throws {
        if RealApp.visdom.bin != nil { try VisdomFiles.install(in: launcher) }
        let clients = try #require(Bundle.module.resourcePath) + "/Clients"
        try Shell.run("cp $1/apps/* $1/browser/waves.py $2", clients, launcher.work)
        if RealApp.presets.bin != nil {
            try launcher.client(
                "fill_apps", of: .presets, launcher.work, "datasette", "visualdl", "aim", "mlflow")
        }
        if let bin = RealTensorBoard.newest.bin {
            try launcher.client("write_scalars", in: bin, ["\(launcher.work)/scalars"])
        }
    }

    /// Has the same to serve as another job.
    func prepare(like other: HostedJob) throws {
        launcher.environment["PYTHONPATH"] = other.launcher.environment["PYTHONPATH"]
        try Shell.run("cp -R $1/. $2", other.launcher.work, launcher.work)
    }

    func start() throws {
        try launcher.startUp((isGuarded ? ["--login"] : []) + places.flatMap { ["--app", $0.preset.line] })
    }

    /// Waits until all apps are ready, and have said so if they have no login, or how to log in at the front door.
    ///
    /// - Returns: those that are, with their keys; that others are not is an issue.
    func waitUntilReady() throws -> [Place] {
        var (seen, open, keys): (Set<String>, Set<String>, [String: String]) = ([], [], [:])
        func isReady(_ place: Place) -> Bool {
            guard seen.contains(place.page) else { return false }
            return isGuarded ? keys[place.app] != nil : place.preset.token != nil || open.contains(place.app)
        }
        try? launcher.waitForAll(places, toBe: "ready") { place in
            // Each line is looked at once, since there are thousands.
            while let line = launcher.errors.takeLine(containing: []) {
                if let match = line.firstMatch(of: /^crater-run: \S+: ready after .* at (\S+)$/) {
                    seen.insert(String(match.1))
                }
                if let match = line.firstMatch(of: /^crater-run: (\S+): has no login/) { open.insert(String(match.1)) }
                if let match = line.firstMatch(of: /^crater-run: (\S+): open \S+#key=(\S+)$/) {
                    keys[String(match.1)] = String(match.2)
                }
            }
            return isReady(place)
        }
        let (ready, late) = (places.filter(isReady), places.filter { !isReady($0) })
        if !late.isEmpty {
            let own = launcher.errors.text.split(separator: "\n").filter { $0.hasPrefix("crater-run: ") }
            Issue.record(
                "not ready, or did not say how to log in: \(late.map(\.page))\n\(own.joined(separator: "\n"))")
        }
        return ready.map { place in
            var place = place
            place.key = keys[place.app]
            return place
        }
    }

    /// The path that a person opens, with the token that the app asks for.
    func entrance(_ place: Place) throws -> String {
        guard let word = place.preset.token else { return place.page }
        let file = try #require(launcher.privateFiles.first { $0.contains("/\(place.app)/") && $0.hasSuffix("/token") })
        let token = String(decoding: try SmallFile.read("\(launcher.root)/run/\(file)"), as: UTF8.self)
        return "\(place.page)?\(word)=\(token)"
    }

    func end() throws {
        try launcher.finishJob(code: 0)
        #expect(try launcher.end() == .exited(0))
        #expect(launcher.leftovers() == [])
        #expect(launcher.privateFiles == [])
    }
}
