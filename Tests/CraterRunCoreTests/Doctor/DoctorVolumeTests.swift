import CraterRunCore
import Testing

/// From the Pod to its rules.
struct DoctorVolumeTests {
    @Test func findsNothingWrongWhereAllIsWell() {
        let diagnosis = DoctorCase().diagnosis
        #expect(diagnosis.isSound)
        #expect(diagnosis.checks.allSatisfy { $0.status == .ok && $0.remedy == nil })
        #expect(
            diagnosis.checks.map(\.link) == [
                .pod, .volume, .readable, .item, .updates, .rules, .rule, .executable, .port, .listening, .answer,
            ])
        #expect(
            diagnosis.checks.map(\.app) == Array(repeating: nil, count: 6) + Array(repeating: "tensorboard", count: 5))
    }

    // MARK: - The pod and its volume

    @Test func saysThatThisIsNoPod() {
        let diagnosis = DoctorCase(podSign: nil, reading: .failure(.missing(path: "/a/b")), neighbours: nil).diagnosis
        #expect(diagnosis.broken?.link == .pod)
        #expect(diagnosis.broken?.remedy?.contains("kubectl exec") == true)
        #expect(diagnosis.status(.volume) == .failed)
    }

    @Test func goesByTheFileWhereNothingTellsOfAPod() {
        let diagnosis = DoctorCase(podSign: nil).diagnosis
        #expect(diagnosis.status(.pod) == .skipped)
        #expect(diagnosis.isSound)
    }

    @Test func showsTheYAMLOfAVolumeThatIsMissing() {
        let failure = AnnotationsReadFailure.missing(path: "/etc/podinfo/annotations")
        let diagnosis = DoctorCase(reading: .failure(failure), neighbours: nil).diagnosis
        #expect(diagnosis.broken?.link == .volume)
        #expect(diagnosis.broken?.message.hasSuffix("there is no directory /etc/podinfo") == true)
        #expect(diagnosis.broken?.remedy?.contains(PodVolume(for: AnnotationsReadFailure.defaultPath).yaml) == true)
        for link in [DoctorCheck.Link.readable, .item, .updates, .rules] { #expect(diagnosis.status(link) == .skipped) }
        // It need not be a rule that is missing.
        #expect(diagnosis.checks.filter { $0.status == .failed }.count == 1)
    }

    @Test func saysWhatElseIsInAVolumeWithoutTheFile() {
        let failure = AnnotationsReadFailure.missing(path: "/etc/podinfo/annotations")
        let diagnosis = DoctorCase(reading: .failure(failure), neighbours: ["..data", "labels"]).diagnosis
        #expect(
            diagnosis.broken?.message == "the directory /etc/podinfo has no file annotations in it: there is labels")
        let empty = DoctorCase(reading: .failure(failure), neighbours: []).diagnosis
        #expect(empty.broken?.message.hasSuffix("in it: it is empty") == true)
    }

    @Test func saysWhatIsInTheFilesPlace() {
        let diagnosis = DoctorCase(reading: .failure(.notAFile(path: "/x", kind: "a directory"))).diagnosis
        #expect(diagnosis.broken?.link == .volume)
        #expect(diagnosis.broken?.message == "cannot read the annotations file /x: it is a directory, not a file")
    }

    @Test func showsTheModeForAFileThatCannotBeRead() {
        let diagnosis = DoctorCase(reading: .failure(.permissionDenied(path: "/etc/podinfo/annotations"))).diagnosis
        #expect(diagnosis.status(.volume) == .ok)
        #expect(diagnosis.broken?.link == .readable)
        #expect(diagnosis.broken?.remedy?.contains("defaultMode: 0444") == true)
        #expect(diagnosis.status(.item) == .skipped)
    }

    @Test func saysThatAFileIsTooLarge() {
        let diagnosis = DoctorCase(reading: .failure(.tooLarge(path: "/x"))).diagnosis
        #expect(diagnosis.broken?.link == .readable)
    }

    // MARK: - What the item is

    struct Item: Sendable, CustomTestStringConvertible {
        let content: String
        let message: String

        var testDescription: String { content }
    }

    @Test(arguments: [
        Item(
            content: #"{"Name":"tensorboard","Port":6006,"Prefix":"/ingress/x/"}"#,
            message: "fieldPath metadata.annotations['ingress.crater.raids.io/tensorboard']"),
        Item(content: #"{"Port":6006,"Prefix":"/ingress/x/"}"#, message: "fieldPath metadata.annotations['…']"),
        Item(content: "tensorboard-example", message: "of them: tensorboard-example. Its item has the fieldPath"),
        Item(content: "a=b", message: "fieldPath metadata.annotations['…']"),
        Item(content: "", message: "the file is empty, but every pod has annotations"),
        Item(content: "\n", message: "the file is empty"),
        Item(content: "\0\u{1}\u{2}", message: "it holds something else than annotations"),
        Item(content: "app=\"x\"\npod-template-hash=\"y\"", message: "may have the fieldPath metadata.labels"),
    ])
    func tellsAnItemThatIsNotAllAnnotations(_ item: Item) {
        let diagnosis = DoctorCase(reading: .success(Array(item.content))).diagnosis
        #expect(diagnosis.broken?.link == .item)
        #expect(diagnosis.broken?.message.contains(item.message) == true, "\(diagnosis.checks)")
        #expect(diagnosis.broken?.remedy?.contains("fieldPath: metadata.annotations\n") == true)
    }

    @Test func doesNotJudgeRulesThatCouldNotBeRead() {
        let diagnosis = DoctorCase(reading: .success(Array("x")), names: ["tensorboard"]).diagnosis
        #expect(diagnosis.checks.filter { $0.status == .failed }.map(\.link) == [.item])
        #expect(diagnosis.status(.rules) == .skipped)
        #expect(diagnosis.check(.rule)?.message == "not looked for: no annotation could be read")
        #expect(diagnosis.status(.executable) == .ok)
    }

    @Test func reportsALineThatCannotBeReadAmongOthers() {
        let diagnosis = DoctorCase(lines: ["cut=\"off"]).diagnosis
        #expect(diagnosis.broken?.link == .item)
        #expect(diagnosis.broken?.message.contains("cannot read line 3 of the annotations file") == true)
        // What can be read counts.
        #expect(diagnosis.status(.answer) == .ok)
    }

    // MARK: - Whether it changes

    @Test func tellsAFileThatNeverChanges() {
        let subPath = DoctorCase(isSubPath: true).diagnosis
        #expect(subPath.broken?.link == .updates)
        #expect(subPath.broken?.message.contains("subPath") == true)
        #expect(subPath.broken?.remedy?.contains("without subPath") == true)
        let crashed = DoctorCase(hasLeftOver: true).diagnosis
        #expect(crashed.broken?.link == .updates)
        #expect(crashed.broken?.message.contains("..data_tmp") == true)
    }

    // MARK: - The rules

    /// The volume is there, and the platform writes nothing: the other half of what may be missing.
    @Test func saysThatThereIsNoRule() {
        let diagnosis = DoctorCase(rules: []).diagnosis
        #expect(diagnosis.broken?.link == .rules)
        #expect(diagnosis.broken?.message.hasPrefix("the pod has no ingress rule: none of its annotations") == true)
        #expect(diagnosis.broken?.remedy?.contains("Add a rule on the job's page") == true)
        #expect(diagnosis.broken?.remedy?.contains("this platform does not write its rules on the pod") == true)
        #expect(diagnosis.status(.rule) == .skipped)
        #expect(diagnosis.status(.port) == nil)
    }

    @Test func reportsEachBadRuleAndShowsAGoodOne() {
        let bad = [#"ingress.crater.raids.io/lab="{}""#, #"ingress.crater.raids.io/visdom="{\"Port\":0}""#]
        let diagnosis = DoctorCase(lines: bad).diagnosis
        let broken = diagnosis.checks.filter { $0.link == .rules && $0.status == .failed }
        #expect(
            broken.map(\.message).map { $0.prefix(34) } == [
                "cannot use the ingress rule lab: i", "cannot use the ingress rule visdom",
            ])
        #expect(
            broken.first?.remedy?.hasSuffix(
                #"ingress.crater.raids.io/lab: '{"Name":"lab","Port":8888,"Prefix":"/ingress/USER-12345/"}'"#) == true)
        #expect(diagnosis.checks.contains { $0.link == .rules && $0.status == .ok })
        #expect(diagnosis.status(.answer) == .ok)
    }

    @Test func reportsOnlyBadRulesOfTheAppsThatAreAskedFor() {
        let bad = [#"ingress.crater.raids.io/lab="{}""#]
        #expect(DoctorCase(lines: bad, names: ["tensorboard"]).diagnosis.isSound)
        let asked = DoctorCase(lines: bad, names: ["jupyter"], apps: [Jupyter()]).diagnosis
        #expect(asked.broken?.link == .rules)
        #expect(asked.check(.rule)?.message == "its rule lab cannot be used, as said above")
    }

    @Test func showsWhatIsOddOfARule() {
        let odd = [#"ingress.crater.raids.io/other="{\"Name\":\"x\",\"Port\":7,\"Prefix\":\"/y\"}""#]
        #expect(DoctorCase(lines: odd).diagnosis.check(.rules)?.message.contains("rule other is odd: its Name") == true)
    }
}
