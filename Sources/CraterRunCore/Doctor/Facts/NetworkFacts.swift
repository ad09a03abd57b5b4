/// The listeners and the listening processes in this network namespace, as far as they can be seen.
package struct NetworkFacts: Equatable, Sendable {
    package let listeners: [Listener]
    package let processes: [ListeningProcess]

    package init(listeners: [Listener] = [], processes: [ListeningProcess] = []) {
        self.listeners = listeners
        self.processes = processes
    }

    func listeners(at port: UInt16) -> [Listener] { listeners.filter { $0.port == port } }

    func holders(of port: UInt16) -> [ListeningProcess] { processes.filter { $0.ports.contains(port) } }
}
