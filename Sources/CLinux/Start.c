#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// What must happen before Swift begins, or below Swift.

// MARK: - A host without /proc

/// Prints the parts as one line.
static void complain(const char *const *parts) {
    char line[1024];
    size_t length = 0;
    for (; *parts != NULL; parts++) {
        size_t size = strnlen(*parts, sizeof line - 1 - length);
        memcpy(line + length, *parts, size);
        length += size;
    }
    line[length++] = '\n';
    ssize_t ignored = write(STDERR_FILENO, line, length);
    (void)ignored;
}

/// The words of the job: those after `--`, unless `up` is to start nothing.
static char **job_of(char **arguments) {
    if (arguments[0] == NULL || arguments[1] == NULL || strcmp(arguments[1], "up") != 0) return NULL;
    for (char **word = arguments + 2; *word != NULL; word++) {
        if (strcmp(*word, "--") == 0) return word[1] == NULL ? NULL : word + 1;
        if (strcmp(*word, "--check") == 0 || strcmp(*word, "--help") == 0 || strcmp(*word, "-h") == 0) return NULL;
    }
    return NULL;
}

/// Swift's runtime, linked statically, reads its own path before anything else, and aborts if there is none. The job
/// must not suffer from that. This is the first constructor; glibc passes main's arguments to it.
__attribute__((constructor(101))) static void check_proc(int count, char **arguments, char **environment) {
    char path[1];
    if (readlink("/proc/self/exe", path, sizeof path) != -1) return;
    char **job = job_of(arguments);
    if (job == NULL) {
        complain((const char *[]){"crater-run: error: cannot run: there is no /proc (mount -t proc proc /proc)", NULL});
        _exit(78);
    }
    complain((const char *[]){"crater-run: error: there is no /proc: running the job alone, without any app", NULL});
    struct clinux_program program = {
        .file = job[0],
        .search = clinux_search_path(),
        .arguments = job,
        .shell_arguments = malloc(((size_t)count + 2) * sizeof(char *)),
        .environment = environment,
    };
    int number = program.shell_arguments == NULL ? ENOMEM : clinux_execute(&program);
    complain((const char *[]){
        "crater-run: error: cannot start the job: cannot execute ", job[0], ": ", strerror(number), NULL});
    _exit(number == ENOENT || number == ENOTDIR || number == ELOOP || number == ENAMETOOLONG ? 127 : 126);
}

// MARK: - Threads where clone3(2) is refused

/// Replaces glibc's function, which pthread_create(3) calls, in the static program. Seccomp profiles older than
/// clone3(2) (Docker's before 20.10.10) refuse the call with EPERM, but glibc falls back to clone(2) only for ENOSYS.
int __clone3(void *arguments, size_t size, int (*function)(void *), void *argument);

int __clone3(void *arguments, size_t size, int (*function)(void *), void *argument) {
    (void)arguments, (void)size, (void)function, (void)argument;
    errno = ENOSYS;
    return -1;
}
