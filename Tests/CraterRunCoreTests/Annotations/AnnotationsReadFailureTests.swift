import CraterRunCore
import Testing

struct AnnotationsReadFailureTests {
    @Test func showsTheVolumeThatThePodLacks() {
        let failure = AnnotationsReadFailure.missing(path: AnnotationsReadFailure.defaultPath)
        #expect(
            failure.message.hasPrefix(
                "cannot read the annotations file /etc/podinfo/annotations: there is no such file"))
        #expect(failure.message.hasSuffix("add this to the Pod (or say where the file is with --annotations FILE):"))
        #expect(failure.below.first == "")
        #expect(failure.below.dropFirst().joined(separator: "\n") == PodVolume(for: failure.path).yaml)
        let odd = AnnotationsReadFailure.missing(path: "/annotations")
        #expect(odd.below.starts(with: ["", PodVolume(for: "/annotations").remark ?? "", "", "spec:"]))
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
        #expect(AnnotationsReadFailure.tooLarge(path: "/p").below == [])
    }
}
