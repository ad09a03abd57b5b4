internal import CLinux
internal import CraterRunCore
internal import Glibc

/// A change of state of a child that has not ended.
enum StateChange: Equatable {
    case stopped(Signal)
    case continued
}
