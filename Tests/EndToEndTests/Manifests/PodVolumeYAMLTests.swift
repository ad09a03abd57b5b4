import Foundation
import Testing

/// The volume that is printed where the annotations file is missing, as a YAML parser reads it.
@Suite(
    .timeLimit(TestTime.limit),
    .enabled(if: ManifestTools.areTested, "YAML is not parsed here: CRATER_RUN_TEST_MANIFESTS is not set"))
struct PodVolumeYAMLTests {
    private struct Volume: Decodable {
        let mountPath: String
        let items: [String]
    }

    /// What is printed for a path, and what is to be done where that is another one.
    private func printed(_ launcher: Launcher, _ path: String) throws -> (volume: Volume, text: String) {
        let said = try launcher.run([TestBinary.path, "rules"], ["CRATER_RUN_ANNOTATIONS": path])
        #expect(said.ending == .exited(78), "\(said)")
        let start = try #require(said.errors.range(of: "\nspec:\n"), "\(said)")
        let code = """
            import json, sys, yaml
            spec = yaml.safe_load(sys.argv[1])["spec"]
            mount = spec["containers"][0]["volumeMounts"][0]
            volume = spec["volumes"][0]
            assert mount["name"] == volume["name"] and mount["readOnly"] is True
            items = volume["downwardAPI"]["items"]
            fields = [item["fieldRef"]["fieldPath"] for item in items]
            assert fields in (["metadata.annotations", "metadata.labels"], ["metadata.annotations"]), fields
            print(json.dumps({"mountPath": mount["mountPath"], "items": [item["path"] for item in items]}))
            """
        let python = "\(ManifestTools.bin ?? "")/python"
        let output = try ManifestTools.run([python, "-c", code, String(said.errors[start.lowerBound...])])
        return (try JSONDecoder().decode(Volume.self, from: Data(output.utf8)), said.errors)
    }

    @Test(arguments: [
        "/pod/annotations", "/pod/info/about me", "/pod/it's \"so\" \\ it", "/pod/on", "/pod/1.0", "/pod/- a: b #c",
        "/pod/~",
        "/{pod}/[x]&*!|>%@`/null", "/pod/a\nb: c\t\u{1B}\u{85}\u{2028}", "/日本/語", "/pod//x/./y", "/pod/labels",
        "/a b/c d/e f",
        "/pod/\u{202E}\u{200B}x", "/pod/ ", "/pod/'", "/pod/\"",
    ])
    func itIsTheOneThatIsConfigured(path: String) throws {
        try withLauncher { launcher in
            let (volume, text) = try printed(launcher, path)
            let file = try #require(volume.items.first)
            let plain = path.replacingOccurrences(of: "//", with: "/").replacingOccurrences(of: "/./", with: "/")
            #expect("\(volume.mountPath)/\(file)" == plain, "\(text)")
            #expect(Set(volume.items).count == volume.items.count && !file.contains("/"), "\(text)")
            #expect(!text.contains("has to be at another path"))
        }
    }

    @Test(arguments: ["/nonexistent", "/etc/x", "annotations", "pod/x", "/pod/..data/x", "/a:b/c", "/tmp/x", "./x"])
    func itIsThePlatformsOwnWhereThatOneCannotBe(path: String) throws {
        try withLauncher { launcher in
            let (volume, text) = try printed(launcher, path)
            #expect(volume.mountPath == "/etc/podinfo" && volume.items == ["annotations", "labels"], "\(text)")
            #expect(
                text.contains("name it with --annotations /etc/podinfo/annotations, or with CRATER_RUN_ANNOTATIONS"))
        }
    }
}
