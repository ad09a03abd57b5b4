#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>

extern char **environ;

static int wait_for_change(idtype_t idtype, pid_t pid, int options, struct clinux_child_change *change) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    int result = waitid(idtype, (id_t)pid, &info, __WALL | options);
    change->pid = result == 0 ? info.si_pid : 0;
    change->code = info.si_code;
    change->status = info.si_status;
    return result;
}

int clinux_waitid(int idtype, pid_t pid, int options, struct clinux_child_change *change) {
    return wait_for_change((idtype_t)idtype, pid, WEXITED | options, change);
}

int clinux_stop_or_continuation(pid_t pid, struct clinux_child_change *change) {
    return wait_for_change(P_PID, pid, WSTOPPED | WCONTINUED | WNOHANG, change);
}

int clinux_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int clinux_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

int clinux_is_subreaper(void) {
    int value = 0;
    return prctl(PR_GET_CHILD_SUBREAPER, &value, 0, 0, 0) == 0 && value;
}

int clinux_set_subreaper(int value) { return prctl(PR_SET_CHILD_SUBREAPER, value, 0, 0, 0); }

int clinux_set_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

int clinux_end_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

/// The kernel's own struct sigaction (not glibc's), as rt_sigaction(2) takes it.
struct kernel_sigaction {
    void *handler;
    unsigned long flags;
    void *restorer;
    uint64_t mask;
};

int clinux_is_ignored(int signal) {
    struct kernel_sigaction action;
    memset(&action, 0, sizeof action);
    if (syscall(SYS_rt_sigaction, signal, NULL, &action, sizeof action.mask) != 0) return -1;
    return action.handler == (void *)SIG_IGN;
}

int clinux_set_ignored(int signal, int ignored) {
    struct kernel_sigaction action;
    memset(&action, 0, sizeof action);
    action.handler = ignored ? (void *)SIG_IGN : (void *)SIG_DFL;
    return (int)syscall(SYS_rt_sigaction, signal, &action, NULL, sizeof action.mask);
}

int clinux_block_all(sigset_t *previous) {
    uint64_t all = ~(uint64_t)0;
    memset(previous, 0, sizeof *previous);
    return (int)syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, previous, sizeof all);
}

int clinux_set_mask(const sigset_t *mask) {
    return (int)syscall(SYS_rt_sigprocmask, SIG_SETMASK, mask, NULL, sizeof(uint64_t));
}

static const unsigned long bits = 8 * sizeof(unsigned long);

void clinux_sigset_add(sigset_t *set, int signal) {
    if (signal < 1 || signal > 64) return;
    set->__val[(unsigned long)(signal - 1) / bits] |= 1UL << ((unsigned long)(signal - 1) % bits);
}

int clinux_accessible(int directory, const char *name, int mode) {
    return (int)syscall(SYS_faccessat, directory, name, mode);
}

int clinux_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }

int clinux_descriptor_flags(int descriptor) { return fcntl(descriptor, F_GETFD); }

int clinux_set_nonblocking(int descriptor) { return fcntl(descriptor, F_SETFL, O_NONBLOCK); }

const char *clinux_executed_path(void) { return (const char *)getauxval(AT_EXECFN); }

char **clinux_environment(void) { return environ; }

int clinux_duplicate(int descriptor, int target) { return dup3(descriptor, target, O_CLOEXEC); }

int clinux_pipe(int descriptors[2]) { return pipe2(descriptors, O_CLOEXEC); }

short clinux_spawn_setsid(void) { return POSIX_SPAWN_SETSID; }

int clinux_spawn_close_from(posix_spawn_file_actions_t *actions, int from) {
    return posix_spawn_file_actions_addclosefrom_np(actions, from);
}
