import Testing

/// The Service and the Ingress of each rule.
@Suite(.enabled(if: ManifestTools.areTested), .timeLimit(TestTime.limit))
struct ManifestIngressTests {
    /// One path of an Ingress, and the Service behind it.
    private struct Path {
        let path: String
        let port: Int
        let selector: [String: String]
    }

    private func paths(_ manifests: [ManifestDocument]) throws -> [Path] {
        let services = manifests.filter { $0.kind == "Service" }
        return try manifests.filter { $0.kind == "Ingress" }.flatMap { ingress in
            try ingress.document["spec"]["rules"].list.flatMap { $0["http"]["paths"].list }.map { path in
                let backend = path["backend"]["service"]
                let service = try #require(services.first { $0.name == backend["name"].string })
                let port = try #require(
                    service.document["spec"]["ports"].list.first { $0["port"] == backend["port"]["number"] })
                return Path(
                    path: path["path"].string ?? "", port: port["targetPort"].integer ?? 0,
                    selector: service.document["spec"]["selector"].strings)
            }
        }
    }

    @Test func forwardsAsThePlatformDoes() throws {
        let ingresses = try ManifestTools.load().filter { $0.kind == "Ingress" }
        #expect(ingresses.count == 2)
        for ingress in ingresses {
            let spec = ingress.document["spec"]
            let prefix = "nginx.ingress.kubernetes.io/"
            // These and no other: no rewrite-target, no use-regex, no snippet.
            #expect(
                ingress.document["metadata"]["annotations"].strings == [
                    prefix + "ssl-redirect": "true", prefix + "proxy-body-size": "20480m",
                    prefix + "proxy-connect-timeout": "300", prefix + "proxy-send-timeout": "300",
                    prefix + "proxy-read-timeout": "300",
                ], "\(ingress.name)")
            #expect(spec["ingressClassName"].string == "nginx")
            #expect(spec["tls"][0]["secretName"].string != nil)
            #expect(spec["tls"][0]["hosts"].words == spec["rules"].list.compactMap { $0["host"].string })
            for path in spec["rules"].list.flatMap({ $0["http"]["paths"].list }) {
                #expect(path["pathType"].string == "Prefix")
            }
        }
    }

    @Test func reachesEachRuleAndNothingElse() throws {
        let manifests = try ManifestTools.load()
        let paths = try paths(manifests)
        let workloads = manifests.flatMap(Workload.all)
        for workload in workloads where !workload.rules.isEmpty {
            for rule in workload.rules.values {
                let fitting = paths.filter { $0.path + "/" == rule.prefix }
                #expect(fitting.map(\.port) == [rule.port], "\(workload.name)")
            }
        }
        for path in paths {
            let selected = workloads.filter { workload in
                path.selector.allSatisfy { workload.labels[$0.key] == $0.value }
            }
            #expect(!selected.isEmpty, "\(path.path)")
            for workload in selected {
                let served = workload.rules.values.contains { $0.prefix == path.path + "/" && $0.port == path.port }
                #expect(served, "\(path.path) leads to \(workload.name)")
            }
        }
    }

    /// A selector that a Deployment or a Service has must not be the same as that of another.
    @Test func servicesAreTheirOwn() throws {
        let services = try ManifestTools.load().filter { $0.kind == "Service" }
        let selectors = services.map { $0.document["spec"]["selector"].strings }
        #expect(!selectors.isEmpty && Set(selectors).count == selectors.count)
        #expect(selectors.allSatisfy { !$0.isEmpty })
    }
}
