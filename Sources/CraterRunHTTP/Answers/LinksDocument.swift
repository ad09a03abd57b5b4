package import CraterRunCore

/// The document at `/v1/links`: the links that open the apps, with the keys of the front door's logins.
package struct LinksDocument: Codable, Equatable, Sendable {
    package let links: [Link]

    package struct Link: Codable, Equatable, Sendable {
        package let app: String
        package let url: String
        /// Whether the link has a key. Without one it is the app's URL.
        package let hasKey: Bool
    }

    package init(of report: SupervisorReport) {
        let home = zip([report.home].compactMap { $0 }, [report.homeLink].compactMap { $0 }).map { rule, link in
            Link(
                app: HomeOptions.identity.name, url: link, hasKey: link != AccessURL(of: rule).description)
        }
        links =
            home
            + report.apps.compactMap { app in
                guard let rule = app.servedRule ?? app.rule else { return nil }
                let url = app.link ?? AccessURL(of: rule, page: app.page).description
                return Link(app: app.name, url: url, hasKey: app.link != nil)
            }
    }
}
