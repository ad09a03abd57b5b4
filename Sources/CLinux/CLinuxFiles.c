#define _GNU_SOURCE
#include "CLinuxFiles.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/vfs.h>

int clinux_open_at(int directory, const char *name, int flags, mode_t mode) {
    return openat(directory, name, flags, mode);
}

int clinux_hold(int directory, const char *name) {
    return openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
}

int clinux_hold_directory(int directory, const char *path) {
    return openat(directory, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int clinux_set_close_on_exec(int descriptor) { return fcntl(descriptor, F_SETFD, FD_CLOEXEC); }

int clinux_memory_file(const char *name) { return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING); }

int clinux_seal(int descriptor) {
    return fcntl(descriptor, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
}

int clinux_file_system(int descriptor, uint64_t *kind) {
    struct statfs status;
    int result = fstatfs(descriptor, &status);
    if (result == 0) *kind = (uint64_t)status.f_type;
    return result;
}
