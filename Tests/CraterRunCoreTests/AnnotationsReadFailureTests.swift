import Testing

@testable import CraterRunCore

struct AnnotationsReadFailureTests {
    @Test func showsTheVolumeThatThePodLacks() {
        let message = AnnotationsReadFailure.missing(path: AnnotationsReadFailure.defaultPath).message
        #expect(message.hasPrefix("cannot read the annotations file /etc/podinfo/annotations: there is no such file"))
        #expect(
            message.hasSuffix(
                """
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
        )
    }

    @Test(arguments: [
        ("/run/pod/annotations", "mountPath: /run/pod\n", "path: annotations\n"),
        ("/run/pod/about me", "mountPath: /run/pod\n", "path: \"about me\"\n"),
        ("/a b/annotations", "mountPath: \"/a b\"\n", "path: annotations\n"),
        ("/file", "mountPath: /\n", "path: \"file\"\n"),
        ("annotations", "mountPath: /etc/podinfo\n", "path: annotations\n"),
        ("", "mountPath: /etc/podinfo\n", "path: annotations\n"),
        ("/", "mountPath: /\n", "path: annotations\n"),
    ])
    func mountsTheVolumeWhereTheFileIsLookedFor(path: String, mount: String, item: String) {
        let spec = AnnotationsReadFailure.podSpec(path: path)
        #expect(spec.contains(mount))
        #expect(spec.contains(item))
    }

    @Test func saysWhatToDo() {
        #expect(AnnotationsReadFailure.permissionDenied(path: "/p").message.contains("defaultMode"))
        #expect(
            AnnotationsReadFailure.notAFile(path: "/p", kind: "a directory").message
                == "cannot read the annotations file /p: it is a directory, not a file. "
                + "Say where the file is with --annotations FILE"
        )
        #expect(AnnotationsReadFailure.tooLarge(path: "/p").message.contains("larger than 16 MiB"))
        #expect(
            AnnotationsReadFailure.unreadable(path: "/p\n", reason: "Input/output error").message
                == "cannot read the annotations file /p\\n: Input/output error"
        )
    }
}
