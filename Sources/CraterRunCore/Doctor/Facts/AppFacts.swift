/// What the doctor found out about one app.
package struct AppFacts: Sendable {
    package let subject: DoctorSubject
    /// The app's program; nil for an app whose command is the user's own.
    package let program: ProgramFacts?
    /// What is at the port of the app's rule; nil without a rule.
    package let port: PortFacts?

    package init(subject: DoctorSubject, program: ProgramFacts?, port: PortFacts? = nil) {
        self.subject = subject
        self.program = program
        self.port = port
    }
}
