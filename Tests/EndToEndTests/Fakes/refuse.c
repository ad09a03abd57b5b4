// Executes a command in a sandbox that refuses system calls: refuse clone3=EPERM fork=ENOSYS -- command …
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    const char *name;
    int number;
} calls[] = {
    {"clone3", SYS_clone3}, {"clone", SYS_clone}, {"close_range", SYS_close_range}, {"pidfd_open", SYS_pidfd_open},
    {"pidfd_send_signal", SYS_pidfd_send_signal}, {"pipe2", SYS_pipe2}, {"dup3", SYS_dup3}, {"setpgid", SYS_setpgid},
    {"setsid", SYS_setsid}, {"signalfd4", SYS_signalfd4}, {"timerfd_create", SYS_timerfd_create},
    {"timerfd_settime", SYS_timerfd_settime}, {"eventfd2", SYS_eventfd2}, {"epoll_create1", SYS_epoll_create1},
    {"epoll_ctl", SYS_epoll_ctl}, {"inotify_init1", SYS_inotify_init1}, {"inotify_add_watch", SYS_inotify_add_watch},
    {"prctl", SYS_prctl}, {"waitid", SYS_waitid}, {"getrandom", SYS_getrandom}, {"socket", SYS_socket},
    {"faccessat2", 439}, {"fchmodat2", 452},
    {"kill", SYS_kill}, {"getdents64", SYS_getdents64}, {"sched_getaffinity", SYS_sched_getaffinity},
#ifdef SYS_fork
    {"fork", SYS_fork}, {"vfork", SYS_vfork},
#endif
};

static int number_of(const char *name, size_t length) {
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (strlen(calls[i].name) == length && memcmp(calls[i].name, name, length) == 0) return calls[i].number;
    }
    // A machine that has no such call.
    return -1;
}

int main(int count, char **words) {
    struct sock_filter filter[128] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))};
    unsigned short size = 1;
    int word = 1;
    for (; word < count && strcmp(words[word], "--") != 0 && size < 120; word++) {
        const char *equals = strchr(words[word], '=');
        if (!equals) return 64;
        int number = number_of(words[word], (size_t)(equals - words[word]));
        if (number == -1) continue;
        unsigned error = strcmp(equals, "=ENOSYS") == 0 ? ENOSYS : strcmp(equals, "=EAGAIN") == 0 ? EAGAIN : EPERM;
        filter[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1);
        filter[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error);
    }
    filter[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = size, .filter = filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        perror("seccomp");
        return 1;
    }
    if (word + 1 >= count) return 64;
    execvp(words[word + 1], words + word + 1);
    perror(words[word + 1]);
    return 127;
}
