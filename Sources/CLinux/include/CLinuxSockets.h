/// Messages with descriptors (unix(7), SCM_RIGHTS). The macros for them cannot be used in Swift.
#ifndef CLINUX_SOCKETS_H
#define CLINUX_SOCKETS_H

#include <stddef.h>
#include <sys/types.h>

/// The most descriptors that one message carries here. The kernel's own limit is 253.
enum { CLINUX_MESSAGE_DESCRIPTORS = 64 };

/// recvmsg(2) with MSG_CMSG_CLOEXEC: waits for bytes, and stores the descriptors that come with them.
///
/// `descriptors` has room for CLINUX_MESSAGE_DESCRIPTORS; `count` is set to how many came, and is 0 on an error.
ssize_t clinux_receive(int socket, void *bytes, size_t size, int *descriptors, size_t *count);

/// sendmsg(2) with MSG_DONTWAIT and MSG_NOSIGNAL; the descriptors go with the first byte. EINVAL for more descriptors
/// than CLINUX_MESSAGE_DESCRIPTORS.
ssize_t clinux_send(int socket, const void *bytes, size_t size, const int *descriptors, size_t count);

#endif
