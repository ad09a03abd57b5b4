import CraterRunCore
import Testing

struct PodVolumeTests {
    @Test func isWhatThePlatformsPodsHave() {
        let volume = PodVolume(for: AnnotationsReadFailure.defaultPath)
        #expect(volume.remark == nil)
        #expect(
            volume.yaml == """
                spec:
                  containers:
                    - name: NAME-OF-THE-CONTAINER
                      volumeMounts:
                        - name: podinfo
                          mountPath: /etc/podinfo
                          readOnly: true
                  volumes:
                    - name: podinfo
                      downwardAPI:
                        items:
                          - path: annotations
                            fieldRef:
                              fieldPath: metadata.annotations
                          - path: labels
                            fieldRef:
                              fieldPath: metadata.labels
                """
        )
    }

    @Test(arguments: [
        ("/run/pod/annotations", "/run/pod", "annotations"),
        ("/run/pod/about me", "/run/pod", #""about me""#),
        ("/a b/annotations", #""/a b""#, "annotations"),
        ("/pod//info/./annotations", "/pod/info", "annotations"),
        ("/pod/info/deep/er/notes.txt", "/pod/info/deep/er", #""notes.txt""#),
        ("/pod/on", "/pod", #""on""#), ("/pod/1", "/pod", #""1""#), ("/pod/- a: b #c", "/pod", #""- a: b #c""#),
        (#"/pod/it's "so" \ it"#, "/pod", #""it's \"so\" \\ it""#),
        ("/{pod}/[x]&*!|>%@`/annotations", #""/{pod}/[x]&*!|>%@`""#, "annotations"),
        ("/pod/a\nb: c\t\u{1B}\u{85}", "/pod", #""a\nb: c\t\x1b\u0085""#),
        ("/日本/語", #""/日本""#, #""語""#),
    ])
    func isMountedWhereTheFileIsLookedFor(path: String, mount: String, item: String) {
        let volume = PodVolume(for: path)
        #expect(volume.remark == nil)
        #expect(volume.yaml.contains("mountPath: \(mount)\n"))
        #expect(volume.yaml.contains("items:\n          - path: \(item)\n"))
        #expect(volume.yaml.contains("path: labels\n"))
    }

    /// A volume hides what is below it, and Kubernetes has rules of its own.
    @Test(arguments: [
        ("/nonexistent", "would hide"), ("/", "would hide"), ("//x", "would hide"), ("/etc/annotations", "would hide"),
        ("/usr/local/bin/annotations", "would hide"), ("/home/user/annotations", "would hide"),
        ("/proc/self/annotations", "would hide"), ("/dev/shm/annotations", "would hide"), ("/tmp/x", "would hide"),
        ("annotations", "full path"), ("pod/annotations", "full path"), ("./a", "full path"), ("", "full path"),
        ("/pod/../annotations", "two dots"), ("/pod/..data/annotations", "two dots"), ("/pod/..x", "two dots"),
        ("/a:b/annotations", "colon"),
    ])
    func isThePlatformsOwnWhereNoneCanBe(path: String, why: String) {
        let volume = PodVolume(for: path)
        #expect(volume.path == AnnotationsReadFailure.defaultPath)
        #expect(volume.yaml == PodVolume(for: AnnotationsReadFailure.defaultPath).yaml)
        #expect(volume.remark?.contains(why) == true, "\(volume.remark ?? "")")
        #expect(volume.remark?.contains("name it with --annotations /etc/podinfo/annotations, or with") == true)
    }

    @Test(arguments: [("/pod/info/", "/pod/info/annotations"), ("/pod/", "/pod/annotations")])
    func aDirectoryGetsAFileInIt(path: String, file: String) {
        let volume = PodVolume(for: path)
        #expect(volume.path == file)
        #expect(volume.remark?.contains("\(path) names a directory: name it with --annotations \(file)") == true)
        #expect(volume.yaml == PodVolume(for: file).yaml)
    }

    /// Two items of one volume cannot have one path.
    @Test func doesWithoutTheLabelsWhereTheirNameIsTaken() {
        let yaml = PodVolume(for: "/pod/labels").yaml
        #expect(yaml.contains("path: \"labels\"\n"))
        #expect(!yaml.contains("metadata.labels"))
    }
}
