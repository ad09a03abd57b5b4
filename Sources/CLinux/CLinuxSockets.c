#define _GNU_SOURCE
#include "CLinuxSockets.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/// The buffer of the control message. The union gives the alignment that cmsg(3) asks for.
union control {
    char bytes[CMSG_SPACE(CLINUX_MESSAGE_DESCRIPTORS * sizeof(int))];
    struct cmsghdr alignment;
};

ssize_t clinux_receive(int socket, void *bytes, size_t size, int *descriptors, size_t *count) {
    union control control;
    struct iovec vector = {.iov_base = bytes, .iov_len = size};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    *count = 0;
    ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (received == -1) return -1;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t carried = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        // The buffer has no room for more, and the kernel closes what has no room (MSG_CTRUNC).
        if (carried > CLINUX_MESSAGE_DESCRIPTORS - *count) carried = CLINUX_MESSAGE_DESCRIPTORS - *count;
        memcpy(descriptors + *count, CMSG_DATA(header), carried * sizeof(int));
        *count += carried;
    }
    return received;
}

ssize_t clinux_send(int socket, const void *bytes, size_t size, const int *descriptors, size_t count) {
    if (count > CLINUX_MESSAGE_DESCRIPTORS) {
        errno = EINVAL;
        return -1;
    }
    union control control;
    struct iovec vector = {.iov_base = (void *)bytes, .iov_len = size};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    if (count > 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = control.bytes;
        message.msg_controllen = CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
    }
    return sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}
