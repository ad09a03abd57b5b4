import Foundation
import Testing

/// What apps answer through an ingress, without a browser.
@Suite(.serialized, .enabled(if: BrowserTools.areTested), .timeLimit(TestTime.limit))
struct IngressTests {
    private static let isTested =
        RealTensorBoard.newest.bin != nil && RealApp.lab.bin != nil || Mode.isOnCI

    @Test(.enabled(if: isTested))
    func redirectsAreByPathAloneAndLargeBodiesArrive() throws {
        try withLauncher { launcher in
            let folders = [try #require(RealTensorBoard.newest.bin), try #require(RealApp.lab.bin)]
            launcher.environment["PATH"] = (folders + ["/usr/bin", "/bin"]).joined(separator: ":")
            let (page, lab) = (launcher.prefix, "/ingress/liuxw24-cce14/")
            let labPort = Port.free()
            launcher.podInfo.setRule("notebook", port: labPort, prefix: lab)
            try launcher.startUp(["--app", "tensorboard --logdir .", "--app", "jupyter"])
            let ingress = try Ingress(for: launcher)
            try ingress.route([(page, launcher.port), (lab, labPort)], for: launcher)
            try launcher.line("tensorboard: ready")
            launcher.errors.rewind()
            let line = try launcher.line("jupyter: open ")
            let token = String(try #require(line.firstMatch(of: /\?token=([a-zA-Z0-9]+)/)).1)

            // Whoever is behind TLS does not know the scheme, host and port that a browser has.
            let redirects = [
                (String(page.dropLast()), page), (String(lab.dropLast()), "\(lab)lab"), (lab, "\(lab)lab"),
                ("\(lab)lab", "\(lab)login?next="), ("\(lab)api/", "\(lab)api"),
            ]
            for (path, target) in redirects {
                let answer = try ingress.curl(path)
                #expect([301, 302].contains(answer.status), "\(path)")
                #expect(answer["location"]?.hasPrefix(target) == true, "\(path) → \(answer["location"] ?? "nothing")")
            }
            // What has no rule is nobody's, and what looks like a prefix is none.
            for path in ["/", "/ingress/", "\(page.dropLast())x/", "\(lab.dropLast())x/api"] {
                #expect(try ingress.curl(path).status == 404, "\(path)")
            }

            // A file of 3 MiB, as JupyterLab uploads it; nginx's own limit is 1 MiB.
            let content = String(repeating: "0123456789abcde\n", count: 3 << 16)
            let model = ["type": "file", "format": "text", "content": content]
            try JSONEncoder().encode(model).write(to: URL(fileURLWithPath: "\(launcher.root)/body"))
            let words = [
                "--request", "PUT", "--header", "Authorization: token \(token)", "--header",
                "Content-Type: application/json", "--data-binary", "@\(launcher.root)/body",
            ]
            #expect(try ingress.curl("\(lab)api/contents/large.txt", words).status == 201)
            #expect(try String(contentsOfFile: "\(launcher.work)/large.txt", encoding: .utf8) == content)

            ingress.end()
            try launcher.finishJob(code: 0)
            #expect(try launcher.end() == .exited(0))
            #expect(launcher.leftovers() == [])
        }
    }
}
