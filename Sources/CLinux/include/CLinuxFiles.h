/// Calls on files that Swift's Glibc module lacks: variadic ones, and GNU extensions.
#ifndef CLINUX_FILES_H
#define CLINUX_FILES_H

#include <stdint.h>
#include <sys/types.h>

/// openat(2) with a mode; variadic and so not imported.
int clinux_open_at(int directory, const char *name, int flags, mode_t mode);
/// openat(2) with O_PATH, O_NOFOLLOW and O_CLOEXEC: the descriptor stands for the file itself, which may be a link, and
/// need not be readable.
int clinux_hold(int directory, const char *name);
/// The same for a directory; links are followed.
int clinux_hold_directory(int directory, const char *path);
/// fcntl(F_SETFD, FD_CLOEXEC).
int clinux_set_close_on_exec(int descriptor);

/// memfd_create(2) with MFD_CLOEXEC and MFD_ALLOW_SEALING.
int clinux_memory_file(const char *name);
/// fcntl(F_ADD_SEALS): from now on nobody can change the memory file's content, size or seals.
int clinux_seal(int descriptor);

/// fstatfs(2): the number of the file system's type, as in statfs(2).
int clinux_file_system(int descriptor, uint64_t *kind);

#endif
