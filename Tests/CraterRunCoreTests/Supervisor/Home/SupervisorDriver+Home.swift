import CraterRunCore
import Testing

extension IngressRule {
    static let home = IngressRule("home", 8080, "/ingress/x/")
}

extension SupervisorDriver {
    static func withHome(
        _ apps: [AppDefinition] = [], _ change: (inout SupervisorOptions) -> Void = { _ in }
    ) -> SupervisorDriver {
        var up = SupervisorDriver { options in
            options.apps = apps
            var home = HomeOptions()
            home.offers = [.fake(.tensorBoard), .fake(.jupyter), .fake(.visdom)]
            options.home = home
            change(&options)
        }
        up.send(.started)
        return up
    }

    /// The page's key is known, and TensorBoard and Jupyter are installed.
    mutating func answerHome() throws {
        send(.homeLogin(try LoginKey("a key for all of it")))
        send(.offers(installed: ["tensorboard", "jupyter"]))
    }

    mutating func press(_ verb: HomeVerb, _ app: String) { send(.door(.said(.command(app: app, verb)))) }

    var home: DoorRoute? { door.routes.routes.first { $0.home != nil } }

    func tile(_ app: String) -> HomeTile? { home?.home?.tiles.first { $0.app == app } }

    /// The path at which the front door serves an app, if the door does.
    func place(of app: String) -> String? { route(of: app)?.prefix.withTrailingSlash }
}
