#define _GNU_SOURCE
#include "CLinux.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>

// Between fork(2) and execve(2) nothing may allocate or lock: another thread may have held the lock at the fork. So
// there are only plain system calls, on memory that was prepared before.

// MARK: - Executing

/// Whether a shell can be expected to read the file: it is no ELF file (for another kind of machine), and has no zero
/// byte in its first line.
static int is_text(const char *path) {
    char head[256];
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file == -1) return 0;
    ssize_t count = read(file, head, sizeof head);
    close(file);
    if (count < 0 || (count >= 4 && memcmp(head, "\177ELF", 4) == 0)) return 0;
    for (ssize_t index = 0; index < count && head[index] != '\n'; index++) {
        if (head[index] == '\0') return 0;
    }
    return 1;
}

static int execute_path(const struct clinux_program *program, const char *path) {
    execve(path, program->arguments, program->environment);
    if (errno != ENOEXEC) return errno;
    if (!is_text(path)) return ENOEXEC;
    char **words = program->shell_arguments;
    *words++ = "/bin/sh";
    *words++ = (char *)path;
    // The first word is the program's name.
    for (char *const *rest = program->arguments; *rest != NULL && *++rest != NULL;) *words++ = *rest;
    *words = NULL;
    execve("/bin/sh", program->shell_arguments, program->environment);
    return errno == ENOENT ? ENOEXEC : errno;
}

int clinux_execute(const struct clinux_program *program) {
    const char *file = program->file;
    if (*file == '\0') return ENOENT;
    if (program->search == NULL || strchr(file, '/') != NULL) return execute_path(program, file);
    size_t length = strlen(file);
    if (length > NAME_MAX) return ENAMETOOLONG;
    char path[PATH_MAX + NAME_MAX + 2];
    int is_denied = 0;
    for (const char *entry = program->search, *end;; entry = end + 1) {
        end = strchrnul(entry, ':');
        size_t size = (size_t)(end - entry);
        if (size < PATH_MAX) {
            memcpy(path, entry, size);
            // An empty entry is the working directory.
            if (size > 0) path[size++] = '/';
            memcpy(path + size, file, length + 1);
            int number = execute_path(program, path);
            switch (number) {
            case EACCES: is_denied = 1; break;
            case ENOENT: case ESTALE: case ENOTDIR: case ENODEV: case ETIMEDOUT: break;
            default: return number;
            }
        }
        if (*end == '\0') return is_denied ? EACCES : ENOENT;
    }
}

const char *clinux_search_path(void) {
    const char *path = getenv("PATH");
    return path != NULL ? path : "/bin:/usr/bin";
}

// MARK: - The child

__attribute__((noreturn)) static void fail(const struct clinux_child *child, enum clinux_step step, int number,
                                           const char *subject) {
    char message[CLINUX_REPORT_SIZE];
    struct clinux_report report = {.step = (int32_t)step, .number = (int32_t)number};
    memcpy(message, &report, sizeof report);
    size_t length = subject == NULL ? 0 : strnlen(subject, sizeof message - sizeof report);
    if (length > 0) memcpy(message + sizeof report, subject, length);
    while (write(child->report, message, sizeof report + length) == -1 && errno == EINTR) {}
    _exit(127);
}

/// Whether another entry would overwrite this descriptor.
static int is_target(const struct clinux_child *child, int descriptor, size_t except) {
    for (size_t index = 0; index < child->descriptor_count; index++) {
        if (index != except && child->descriptors[index].target == descriptor) return 1;
    }
    return 0;
}

static void place_descriptors(struct clinux_child *child) {
    int above = 3;
    for (size_t index = 0; index < child->descriptor_count; index++) {
        if (child->descriptors[index].target >= above) above = child->descriptors[index].target + 1;
    }
    if (is_target(child, child->report, child->descriptor_count)) {
        int copy = fcntl(child->report, F_DUPFD_CLOEXEC, above);
        if (copy == -1) fail(child, CLINUX_DUP, errno, NULL);
        child->report = copy;
    }
    // First copy each descriptor that would be overwritten before it is used.
    for (size_t index = 0; index < child->descriptor_count; index++) {
        struct clinux_descriptor *entry = &child->descriptors[index];
        if (entry->source == entry->target || !is_target(child, entry->source, index)) continue;
        entry->source = fcntl(entry->source, F_DUPFD_CLOEXEC, above);
        if (entry->source == -1) fail(child, CLINUX_DUP, errno, NULL);
    }
    for (size_t index = 0; index < child->descriptor_count; index++) {
        const struct clinux_descriptor *entry = &child->descriptors[index];
        int result = entry->source == entry->target ? fcntl(entry->target, F_SETFD, 0)
                                                    : dup2(entry->source, entry->target);
        if (result == -1) fail(child, CLINUX_DUP, errno, NULL);
    }
}

static int is_kept(const struct clinux_child *child, int descriptor) {
    return descriptor == child->report || is_target(child, descriptor, child->descriptor_count);
}

/// Without close_range(2): closes the descriptors that /proc names or, without /proc, as many as there may be.
static void close_one_by_one(const struct clinux_child *child, int from) {
    int folder = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder == -1) {
        struct rlimit limit;
        int end = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < (1 << 20) ? (int)limit.rlim_cur : 1 << 20;
        for (int descriptor = from; descriptor < end; descriptor++) {
            if (!is_kept(child, descriptor)) close(descriptor);
        }
        return;
    }
    char buffer[1024] __attribute__((aligned(__alignof__(struct dirent64))));
    for (int has_closed = 1; has_closed;) {
        has_closed = 0;
        lseek(folder, 0, SEEK_SET);
        for (long count; (count = syscall(SYS_getdents64, folder, buffer, sizeof buffer)) > 0;) {
            for (long offset = 0; offset < count;) {
                const struct dirent64 *entry = (const struct dirent64 *)(buffer + offset);
                offset += entry->d_reclen;
                int descriptor = 0;
                const char *digit = entry->d_name;
                if (*digit == '.') continue;
                for (; *digit >= '0' && *digit <= '9'; digit++) descriptor = descriptor * 10 + (*digit - '0');
                if (descriptor < from || descriptor == folder || is_kept(child, descriptor)) continue;
                close(descriptor);
                has_closed = 1;
            }
        }
    }
    close(folder);
}

static void close_others(const struct clinux_child *child) {
    // Closes the gaps between the descriptors that are kept; 0, 1 and 2 stay.
    for (unsigned first = 3;;) {
        unsigned next = ~0U;
        if (child->report >= (int)first) next = (unsigned)child->report;
        for (size_t index = 0; index < child->descriptor_count; index++) {
            unsigned target = (unsigned)child->descriptors[index].target;
            if (target >= first && target < next) next = target;
        }
        unsigned last = next == ~0U ? next : next - 1;
        if (first <= last && syscall(SYS_close_range, first, last, 0) != 0) {
            close_one_by_one(child, (int)first);
            return;
        }
        if (next == ~0U) return;
        first = next + 1;
    }
}

static void set_out_of_memory_score(const char *score) {
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file == -1) return;
    ssize_t ignored = write(file, score, strlen(score));
    (void)ignored;
    close(file);
}

/// Runs in the child, with all signals blocked. Whatever may wait for a file system comes last: by then the child holds
/// nothing of ours open, and can be killed.
__attribute__((noreturn)) static void begin(struct clinux_child *child) {
    if (child->leads_session) {
        if (setsid() == -1) fail(child, CLINUX_SETSID, errno, NULL);
    } else if (setpgid(0, 0) == -1) {
        fail(child, CLINUX_SETPGID, errno, NULL);
    }
    if (child->terminal != -1 && tcsetpgrp(child->terminal, getpid()) == -1) {
        fail(child, CLINUX_TCSETPGRP, errno, NULL);
    }
    place_descriptors(child);
    if (child->closes_others) close_others(child);
    if (child->out_of_memory_score != NULL) set_out_of_memory_score(child->out_of_memory_score);
    for (int signal = 1; signal <= 64; signal++) {
        if (signal != SIGKILL && signal != SIGSTOP) clinux_set_ignored(signal, (int)(child->ignored >> (signal - 1) & 1));
    }
    clinux_set_mask(&child->mask);
    if (child->directory != NULL && chdir(child->directory) == -1) {
        fail(child, CLINUX_CHDIR, errno, child->directory);
    }
    fail(child, CLINUX_EXECVE, clinux_execute(&child->program), child->program.file);
}

pid_t clinux_fork(struct clinux_child *child) {
    sigset_t mask;
    clinux_block_all(&mask);
    // Not fork(3): its handlers take locks. Not posix_spawn(3): it calls clone3(2), which old seccomp profiles refuse
    // with an error that no C library expects, and it waits until the program has been executed.
    pid_t pid = _Fork();
    if (pid == 0) begin(child);
    int number = errno;
    // The child sets it too: whichever is first, nobody sees the child without its group.
    if (pid > 0 && !child->leads_session) setpgid(pid, pid);
    clinux_set_mask(&mask);
    errno = number;
    return pid;
}
