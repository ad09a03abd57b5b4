/// The decisions of a door: pure functions of a request's head, the routes and the time.
package enum Door {
    /// What a door does with a request.
    ///
    /// - Parameters:
    ///   - port: the port at which the door has accepted the connection.
    ///   - peer: the address of the client, for `X-Forwarded-For`. Nothing is decided by it.
    package static func decide(
        _ head: RequestHead,
        on port: UInt16,
        routes: DoorRoutes,
        peer: String,
        now: WallTime
    ) -> DoorDecision {
        DoorDecision(.answer(DoorAnswer(status: 404, fields: [], body: [])))
    }
}
