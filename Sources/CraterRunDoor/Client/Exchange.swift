import CraterRunCore

/// A request that is with an app, and how far it and its response have come. A class, since copies of the request and its
/// route would cost more than the rest of an exchange.
final class Exchange {
    let request: RequestHead
    let forward: DoorForward
    let use: AppUse
    /// Whether a person waits for the answer.
    var isPersons = false
    /// What is still to come of the request's body.
    var body: BodyProgress
    /// Whether the client's connection goes on after the response.
    var keepsAlive: Bool
    /// Whether the client waits for a 100 before it sends the body, and has got none.
    var awaitsContinue: Bool
    /// Whether the request has been sent twice because the app had closed the first connection.
    var isSecondTry = false
    /// Whether the head of the final response has been passed.
    var hasResponse = false
    var isResponseComplete = false
    /// The tick of the last byte of the response.
    var lastProgress: Int
    /// The last tick at which the client had nothing to send, or sent something.
    var uploadedAt: Int
    /// The last tick at which there was room for more of the response.
    var takenAt: Int

    init(_ request: RequestHead, forward: DoorForward, use: AppUse, at tick: Int) {
        self.request = request
        self.forward = forward
        self.use = use
        body = BodyProgress(request.framing, isLenient: false)
        keepsAlive = request.keepsAlive
        awaitsContinue = request.expectsContinue
        lastProgress = tick
        uploadedAt = tick
        takenAt = tick
    }

    /// Whether the same request can be sent again if the app has closed a kept connection: the method is safe (RFC 9110,
    /// 9.2.1), and no part of the request is gone. The app may have acted on any other request, and a second PUT or
    /// DELETE would undo what another client has done in between. So other requests get a new connection, which the app
    /// cannot have closed.
    var isRepeatable: Bool {
        request.method.isSafe && request.framing == .none && !request.isUpgrade && request.version == .v11
    }
}
